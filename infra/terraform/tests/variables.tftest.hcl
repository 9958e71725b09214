# What the whole refuses
mock_provider "aws" {
  source = "./tests/mocks"
}

provider "aws" {
  alias                       = "ephemeral"
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
}

variables {
  environment           = "dev"
  account_id            = "222222222222"
  region                = "eu-central-1"
  availability_zones    = ["eu-central-1a", "eu-central-1b", "eu-central-1c"]
  vpc_cidr              = "10.40.0.0/16"
  nat_gateways          = 1
  domain_name           = "coupon.example.com"
  internal_domain_name  = "internal.coupon.example.com"
  hosted_zone_id        = "Z0"
  certificate_arn       = "arn:aws:acm:eu-central-1:222222222222:certificate/0"
  image                 = "222222222222.dkr.ecr.eu-central-1.amazonaws.com/coupon:1.0.0"
  database_certificates = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
  tokens                = { issuer_uri = "https://issuer.example.com", jwk_set_uri = "https://issuer.example.com/keys", audiences = ["coupon"] }
  redis                 = { node_type = "cache.t4g.small", shards = 1, replicas_per_shard = 1 }
  kafka                 = { instance_type = "kafka.t3.small", volume_gib = 20, max_volume_gib = 100 }
  database              = { instance_class = "db.t4g.medium", storage_gib = 20, max_storage_gib = 100, backup_retention_days = 1 }
  api                   = { cpu = 2048, memory = 4096, min_tasks = 2, max_tasks = 4, requests_per_minute = 60000 }
  consumer              = { cpu = 1024, memory = 2048, min_tasks = 2, max_tasks = 3, lag_records = 5000 }
  throttles = {
    stage    = { rate = 50, burst = 100 }
    view     = { rate = 100, burst = 200 }
    claim    = { rate = 500, burst = 1000 }
    my_claim = { rate = 100, burst = 200 }
  }
  deletion_protection = false
  log_retention_days  = 7
  generate_passwords  = false
  passwords = {
    redis-api      = "00000000000000000000000000000000"
    redis-consumer = "11111111111111111111111111111111"
    kafka-api      = "22222222222222222222222222222222"
    kafka-consumer = "33333333333333333333333333333333"
    database       = "44444444444444444444444444444444"
  }
}

# The control: none of the refusals below comes from something else.
run "what_can_be_is_planned" {
  command = plan

  assert {
    condition     = output.operators_url == "https://internal.coupon.example.com:8443/api/v1/admin"
    error_message = "Operators are told where to go."
  }
}

run "names_and_places" {
  command = plan

  variables {
    name                 = "Coupon"
    environment          = "staging"
    account_id           = "1234"
    internal_domain_name = "coupon.example.com"
    certificate_arn      = "certificate"
    availability_zones   = ["eu-central-1a", "eu-central-1b", "us-east-1a"]
  }

  expect_failures = [var.name, var.environment, var.account_id, var.internal_domain_name, var.certificate_arn, var.availability_zones]
}

run "operators_from_everywhere_are_refused" {
  command = plan

  variables {
    operator_cidrs = ["0.0.0.0/0"]
  }

  expect_failures = [var.operator_cidrs]
}

run "short_passwords_are_refused" {
  command = plan

  variables {
    passwords = {
      redis-api      = "short"
      redis-consumer = "11111111111111111111111111111111"
      kafka-api      = "22222222222222222222222222222222"
      kafka-consumer = "33333333333333333333333333333333"
      database       = "44444444444444444444444444444444"
    }
  }

  expect_failures = [var.passwords]
}

run "a_database_that_is_not_known_is_refused" {
  command = plan

  variables {
    database_certificates = ""
  }

  expect_failures = [var.database_certificates]
}

run "windows_and_days_that_are_none_are_refused" {
  command = plan

  variables {
    backup_window      = "at night"
    maintenance_window = "sunday"
    log_retention_days = 8
    secrets_version    = 0
  }

  expect_failures = [var.backup_window, var.maintenance_window, var.log_retention_days, var.secrets_version]
}
