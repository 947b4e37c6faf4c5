"""Closed subgroups of Aff(R), their characters into Aff(R), and the groups of affine intertwiners built from them."""
