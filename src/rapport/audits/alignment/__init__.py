"""Do the teams pull in one direction, towards the customer?"""
