"""The checker's own analysis: normal forms, cells, ball arithmetic, identities, asymptotics.

Nothing here knows of certificates; the rules that lead from facts to a group are one level up.
"""
