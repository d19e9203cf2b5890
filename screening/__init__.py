"""先审后发: screens a college's draft posts before they are published, and says who must approve."""
