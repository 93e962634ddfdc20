"""What is wrong with a data set, told before anything is learnt from it."""
