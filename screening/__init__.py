"""先审后发: screens a college's drafts before publication and says who must approve."""
