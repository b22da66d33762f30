"""What a survey asks: the codebook, and the questionnaire that is made of it."""
