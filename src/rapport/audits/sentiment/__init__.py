"""What do customers feel and say?"""
