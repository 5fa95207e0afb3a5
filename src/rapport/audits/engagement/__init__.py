"""Do customers come back, and stay?"""
