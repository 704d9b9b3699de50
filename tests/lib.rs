//! Tests of `cvxlayers`; each is a file of its own beside this one.
