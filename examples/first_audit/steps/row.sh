grep H00010 tea/helpdesk-tickets.csv
