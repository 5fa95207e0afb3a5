"""What Rapport does for people: ingest, audit, demo, template."""
