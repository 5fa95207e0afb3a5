"""Are customers answered, and well?"""
