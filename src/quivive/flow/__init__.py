"""The running order: a batch of posts through listen and detect."""
