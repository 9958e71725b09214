provider "aws" {
  region = var.region

  # A plan with the credentials of another account ends here.
  allowed_account_ids = [var.account_id]

  default_tags {
    tags = merge(var.tags, {
      Service     = var.name
      Environment = var.environment
      ManagedBy   = "terraform"
    })
  }
}
