mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name       = "coupon-test"
  account_id = "222222222222"
  region     = "eu-central-1"
  partition  = "aws"
}

run "keys" {
  module {
    source = "./modules/encryption"
  }

  assert {
    condition     = toset(keys(aws_kms_key.this)) == toset(["data", "secrets", "telemetry"]) && alltrue([for key in aws_kms_key.this : key.enable_key_rotation && key.deletion_window_in_days == 30])
    error_message = "There are three keys, which are rotated."
  }

  assert {
    condition     = [for statement in jsondecode(aws_kms_key.this["secrets"].policy).Statement : statement.Sid] == ["AdministrationByThisAccount"]
    error_message = "No service of AWS reads secrets by itself."
  }

  assert {
    condition     = alltrue(flatten([for key in aws_kms_key.this : [for statement in jsondecode(key.policy).Statement : can(statement.Condition) || contains(["AdministrationByThisAccount", "Alarms"], statement.Sid)]]))
    error_message = "Services of AWS use keys for this account alone, but for alarms, about which the topics say so."
  }

  assert {
    condition     = contains([for statement in jsondecode(aws_kms_key.this["telemetry"].policy).Statement : jsonencode(statement.Principal)], jsonencode({ Service = ["cloudwatch.amazonaws.com", "events.rds.amazonaws.com"] }))
    error_message = "Alarms and events of RDS reach topics that are encrypted."
  }
}
