mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name                  = "coupon-test"
  account_id            = "222222222222"
  partition             = "aws"
  engine_version        = "18"
  instance_class        = "db.m7g.large"
  port                  = 5432
  storage_gib           = 100
  max_storage_gib       = 1000
  password              = "44444444444444444444444444444444"
  password_version      = 1
  subnet_ids            = ["subnet-a", "subnet-b", "subnet-c"]
  security_group_id     = "sg-database"
  key_arn               = "arn:aws:kms:eu-central-1:222222222222:key/data"
  backup_retention_days = 30
  backup_window         = "01:00-02:00"
  maintenance_window    = "tue:03:00-tue:04:00"
  deletion_protection   = true
  log_retention_days    = 30
  log_key_arn           = "arn:aws:kms:eu-central-1:222222222222:key/telemetry"
}

run "postgresql" {
  module {
    source = "./modules/database"
  }

  assert {
    condition     = !aws_db_instance.this.publicly_accessible && aws_db_instance.this.vpc_security_group_ids == toset(["sg-database"])
    error_message = "It is not public."
  }

  assert {
    condition     = aws_db_instance.this.multi_az
    error_message = "It is in two zones."
  }

  assert {
    condition     = aws_db_instance.this.storage_encrypted && aws_db_instance.this.kms_key_id == var.key_arn && aws_db_instance.this.performance_insights_kms_key_id == var.key_arn
    error_message = "It is encrypted on disk."
  }

  assert {
    condition     = { for parameter in aws_db_parameter_group.this.parameter : parameter.name => parameter.value }["rds.force_ssl"] == "1"
    error_message = "It is encrypted on its way."
  }

  assert {
    condition     = aws_db_instance.this.password == null && aws_db_instance.this.password_wo == null && aws_db_instance.this.password_wo_version == 1
    error_message = "Its password is not in the state."
  }

  assert {
    condition     = aws_db_instance.this.deletion_protection && !aws_db_instance.this.skip_final_snapshot && !aws_db_instance.this.delete_automated_backups && aws_db_instance.this.backup_retention_period == 30
    error_message = "It cannot be deleted by mistake."
  }
}

run "what_is_not_protected_goes_without_a_trace" {
  module {
    source = "./modules/database"
  }

  variables {
    deletion_protection = false
  }

  assert {
    condition     = !aws_db_instance.this.deletion_protection && aws_db_instance.this.skip_final_snapshot
    error_message = "It can be deleted."
  }
}

run "what_cannot_be_is_refused" {
  command = plan

  module {
    source = "./modules/database"
  }

  variables {
    engine_version        = "14"
    instance_class        = "m7g.large"
    storage_gib           = 10
    backup_retention_days = 0
  }

  expect_failures = [var.engine_version, var.instance_class, var.storage_gib, var.backup_retention_days]
}

run "a_disk_that_cannot_grow_is_refused" {
  command = plan

  module {
    source = "./modules/database"
  }

  variables {
    max_storage_gib = 105
  }

  expect_failures = [var.max_storage_gib]
}
