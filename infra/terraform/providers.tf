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

# The same for ephemeral values alone: tests put mocks in place of the other one, and mocks know no ephemeral resources.
provider "aws" {
  alias  = "ephemeral"
  region = var.region

  allowed_account_ids = [var.account_id]
}
