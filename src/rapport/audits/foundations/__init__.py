"""Can the record be trusted?"""
