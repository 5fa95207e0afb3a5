"""What binds customers and the company to each other?"""
