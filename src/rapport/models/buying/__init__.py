"""Buy till you die: who is still a customer and how often they will buy, from how often and when they bought."""
