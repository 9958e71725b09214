# One client may ask so much and no more. Generous, because thousands may share the address of a carrier; a member's own
# limit is kept by the service.

resource "aws_wafv2_web_acl" "this" {
  name        = var.name
  description = "${var.name}: how much one address may ask"
  scope       = "REGIONAL"

  default_action {
    allow {}
  }

  custom_response_body {
    key          = "rate-limited"
    content      = local.problem_bodies["rate-limited"]
    content_type = "APPLICATION_JSON"
  }

  rule {
    name     = "address"
    priority = 10

    statement {
      rate_based_statement {
        aggregate_key_type    = "IP"
        limit                 = var.address_limit.requests
        evaluation_window_sec = var.address_limit.window_seconds
      }
    }

    action {
      block {
        custom_response {
          response_code            = 429
          custom_response_body_key = "rate-limited"

          response_header {
            name  = "Retry-After"
            value = tostring(var.address_limit.retry_after_seconds)
          }

          response_header {
            name  = "Cache-Control"
            value = "no-store"
          }
        }
      }
    }

    visibility_config {
      cloudwatch_metrics_enabled = true
      metric_name                = "${var.name}-address"
      sampled_requests_enabled   = true
    }
  }

  visibility_config {
    cloudwatch_metrics_enabled = true
    metric_name                = var.name
    sampled_requests_enabled   = true
  }
}

resource "aws_wafv2_web_acl_association" "this" {
  resource_arn = aws_api_gateway_stage.this.arn
  web_acl_arn  = aws_wafv2_web_acl.this.arn
}

# WAF insists on the beginning of the name.
resource "aws_cloudwatch_log_group" "waf" {
  name              = "aws-waf-logs-${var.name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_key_arn
}

resource "aws_wafv2_web_acl_logging_configuration" "this" {
  resource_arn            = aws_wafv2_web_acl.this.arn
  log_destination_configs = [aws_cloudwatch_log_group.waf.arn]

  redacted_fields {
    single_header {
      name = "authorization"
    }
  }

  # Those who were let through are in the log of the stage.
  logging_filter {
    default_behavior = "DROP"

    filter {
      behavior    = "KEEP"
      requirement = "MEETS_ANY"

      condition {
        action_condition {
          action = "BLOCK"
        }
      }
    }
  }
}
