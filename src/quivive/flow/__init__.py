"""The running order: a batch of posts goes through listen and detect; pure, state in, state out."""
