"""What are the relationships worth?"""
