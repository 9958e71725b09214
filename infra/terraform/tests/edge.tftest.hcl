mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  name       = "coupon-test"
  account_id = "222222222222"
  partition  = "aws"
  throttles = {
    stage    = { rate = 50, burst = 100 }
    view     = { rate = 2000, burst = 2000 }
    claim    = { rate = 6000, burst = 5000 }
    my_claim = { rate = 1500, burst = 1500 }
  }
  account_requests_per_second = 10000
  address_limit               = { requests = 30000, window_seconds = 60, retry_after_seconds = 10 }
  retry_after_seconds         = 1
  timeout_ms                  = 7000
  domain_name                 = "coupon.example.com"
  internal_domain_name        = "internal.coupon.example.com"
  hosted_zone_id              = "Z0"
  certificate_arn             = "arn:aws:acm:eu-central-1:222222222222:certificate/0"
  manage_account_logging      = true
  vpc_id                      = "vpc-test"
  balancer_subnet_ids         = ["subnet-d", "subnet-e", "subnet-f"]
  security_group_id           = "sg-nlb"
  balancer = {
    arn                  = "arn:aws:elasticloadbalancing:eu-central-1:222222222222:loadbalancer/app/members/0"
    members_listener_arn = "arn:aws:elasticloadbalancing:eu-central-1:222222222222:listener/app/members/0/0"
  }
  deletion_protection = true
  log_retention_days  = 30
  log_key_arn         = "arn:aws:kms:eu-central-1:222222222222:key/telemetry"
}

run "public_routes_and_no_others" {
  module {
    source = "./modules/edge"
  }

  # Mocks make paths up; these are AWS's.
  override_resource {
    target = aws_api_gateway_resource.campaign
    values = { path = "/api/v1/campaigns/{campaign}" }
  }
  override_resource {
    target = aws_api_gateway_resource.claims
    values = { path = "/api/v1/campaigns/{campaign}/claims" }
  }
  override_resource {
    target = aws_api_gateway_resource.my_claim
    values = { path = "/api/v1/campaigns/{campaign}/claims/me" }
  }

  assert {
    condition     = toset(keys(output.routes)) == toset(["GET /api/v1/campaigns/{campaign}", "POST /api/v1/campaigns/{campaign}/claims", "GET /api/v1/campaigns/{campaign}/claims/me"])
    error_message = "The view, claims and one's own claim are public, and nothing of admin."
  }

  assert {
    condition = alltrue([
      for resource in [aws_api_gateway_resource.api, aws_api_gateway_resource.v1, aws_api_gateway_resource.campaigns, aws_api_gateway_resource.campaign, aws_api_gateway_resource.claims, aws_api_gateway_resource.my_claim] :
      !strcontains(resource.path_part, "admin") && !strcontains(resource.path_part, "+")
    ])
    error_message = "No resource takes whatever comes."
  }

  assert {
    condition = { for integration in aws_api_gateway_integration.this : integration.uri => integration.timeout_milliseconds } == {
      "https://internal.coupon.example.com/api/v1/campaigns/{campaign}"           = 7000
      "https://internal.coupon.example.com/api/v1/campaigns/{campaign}/claims"    = 7000
      "https://internal.coupon.example.com/api/v1/campaigns/{campaign}/claims/me" = 7000
    }
    error_message = "Each goes to the same path inside, over TLS, and may take its time."
  }

  assert {
    condition = alltrue([
      for integration in aws_api_gateway_integration.this :
      integration.type == "HTTP_PROXY" && integration.connection_type == "VPC_LINK" && integration.connection_id == aws_api_gateway_vpc_link.this.id &&
      lookup(integration.request_parameters, "integration.request.header.X-Forwarded-For", "") == "context.identity.sourceIp" &&
      lookup(integration.request_parameters, "integration.request.header.X-User-Id", "") == "''" &&
      length(integration.tls_config) == 0
    ])
    error_message = "The service hears the address that API Gateway saw, and no identity; certificates are verified."
  }

  assert {
    condition = { for settings in aws_api_gateway_method_settings.method : settings.method_path => [settings.settings[0].throttling_rate_limit, settings.settings[0].throttling_burst_limit] } == {
      "api/v1/campaigns/{campaign}/GET"           = [2000, 2000]
      "api/v1/campaigns/{campaign}/claims/POST"   = [6000, 5000]
      "api/v1/campaigns/{campaign}/claims/me/GET" = [1500, 1500]
    }
    error_message = "Each method has its throttle."
  }

  assert {
    condition     = aws_api_gateway_method_settings.stage.method_path == "*/*" && aws_api_gateway_method_settings.stage.settings[0].throttling_rate_limit == 50 && aws_api_gateway_method_settings.stage.settings[0].throttling_burst_limit == 100
    error_message = "The stage has its throttle."
  }

  assert {
    condition     = alltrue([for settings in concat([aws_api_gateway_method_settings.stage], values(aws_api_gateway_method_settings.method)) : !settings.settings[0].data_trace_enabled && settings.settings[0].logging_level == "OFF"])
    error_message = "Tokens do not get into a log."
  }
}

run "what_the_edge_itself_answers" {
  module {
    source = "./modules/edge"
  }

  assert {
    condition = alltrue([
      for type in ["THROTTLED", "WAF_FILTERED"] :
      aws_api_gateway_gateway_response.this[type].status_code == "429" &&
      lookup(aws_api_gateway_gateway_response.this[type].response_parameters, "gatewayresponse.header.Retry-After", "") == "'1'" &&
      aws_api_gateway_gateway_response.this[type].response_parameters["gatewayresponse.header.Content-Type"] == "'application/problem+json'" &&
      jsondecode(aws_api_gateway_gateway_response.this[type].response_templates["application/json"]) == { type = "urn:coupon:problem:rate-limited", title = "There were too many requests; nothing was decided.", status = 429, code = "rate-limited" }
    ])
    error_message = "Who is throttled hears 429 as a problem of the service, and when to ask again."
  }

  assert {
    condition     = alltrue([for type in ["INTEGRATION_TIMEOUT", "INTEGRATION_FAILURE", "DEFAULT_5XX"] : aws_api_gateway_gateway_response.this[type].status_code == "503" && jsondecode(aws_api_gateway_gateway_response.this[type].response_templates["application/json"]).code == "unavailable"])
    error_message = "What is not known is 503."
  }

  assert {
    condition     = aws_api_gateway_gateway_response.this["MISSING_AUTHENTICATION_TOKEN"].status_code == "404"
    error_message = "A route that is not there is 404."
  }
}

run "waf" {
  module {
    source = "./modules/edge"
  }

  assert {
    condition     = one(aws_wafv2_web_acl.this.rule).statement[0].rate_based_statement[0].limit == 30000 && one(aws_wafv2_web_acl.this.rule).statement[0].rate_based_statement[0].evaluation_window_sec == 60 && one(aws_wafv2_web_acl.this.rule).statement[0].rate_based_statement[0].aggregate_key_type == "IP"
    error_message = "One address may ask so much."
  }

  assert {
    condition     = one(aws_wafv2_web_acl.this.rule).action[0].block[0].custom_response[0].response_code == 429 && contains([for header in one(aws_wafv2_web_acl.this.rule).action[0].block[0].custom_response[0].response_header : "${header.name}: ${header.value}"], "Retry-After: 10")
    error_message = "Beyond that it hears 429, and when to ask again."
  }

  assert {
    condition     = jsondecode(one(aws_wafv2_web_acl.this.custom_response_body).content).code == "rate-limited"
    error_message = "As a problem of the service."
  }

  assert {
    condition     = aws_wafv2_web_acl_association.this.resource_arn == aws_api_gateway_stage.this.arn
    error_message = "It stands before the stage."
  }
}

run "one_public_name_by_tls" {
  module {
    source = "./modules/edge"
  }

  assert {
    condition     = aws_api_gateway_rest_api.this.disable_execute_api_endpoint && aws_api_gateway_rest_api.this.endpoint_configuration[0].types == tolist(["REGIONAL"]) && aws_api_gateway_domain_name.this.security_policy == "TLS_1_2"
    error_message = "The API is reached by its own name and TLS 1.2 at least."
  }

  assert {
    condition     = aws_lb.this.internal && aws_lb.this.load_balancer_type == "network" && aws_lb_target_group.this.target_type == "alb" && aws_lb_target_group_attachment.this.target_id == var.balancer.arn && aws_lb.this.security_groups == toset(["sg-nlb"])
    error_message = "The VPC link ends at an internal load balancer in front of the other one."
  }

  assert {
    condition     = aws_cloudwatch_log_group.access.kms_key_id == var.log_key_arn && aws_cloudwatch_log_group.waf.kms_key_id == var.log_key_arn && startswith(aws_cloudwatch_log_group.waf.name, "aws-waf-logs-")
    error_message = "Logs are encrypted."
  }
}

run "more_than_the_quota_is_refused" {
  command = plan

  module {
    source = "./modules/edge"
  }

  variables {
    account_requests_per_second = 9000
  }

  expect_failures = [var.throttles]
}

run "a_burst_of_many_seconds_is_refused" {
  command = plan

  module {
    source = "./modules/edge"
  }

  variables {
    throttles = {
      stage    = { rate = 50, burst = 1000 }
      view     = { rate = 2000, burst = 2000 }
      claim    = { rate = 6000, burst = 5000 }
      my_claim = { rate = 1500, burst = 1500 }
    }
  }

  expect_failures = [var.throttles]
}

run "what_cannot_be_is_refused" {
  command = plan

  module {
    source = "./modules/edge"
  }

  variables {
    address_limit       = { requests = 30000, window_seconds = 30, retry_after_seconds = 10 }
    retry_after_seconds = 0
    timeout_ms          = 30000
  }

  expect_failures = [var.address_limit, var.retry_after_seconds, var.timeout_ms]
}
