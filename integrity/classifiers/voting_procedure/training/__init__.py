"""Write the training posts and train the shipped weights of the learned voting-procedure heads."""
