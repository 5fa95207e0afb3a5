"""Does the company act before it must?"""
