# The one thing that is public. API Gateway knows the public routes of docs/api.md and no others, limits each, and comes
# to the internal load balancer by a VPC link, which ends at a network load balancer in front of it.

locals {
  # By path: what is under it, and how much of each method is let through. Streams of events are not here: API Gateway
  # keeps an answer back until it is whole, and ends it after 29 s.
  methods = {
    view     = { http_method = "GET", resource_id = aws_api_gateway_resource.campaign.id, path = aws_api_gateway_resource.campaign.path, throttle = var.throttles.view }
    claim    = { http_method = "POST", resource_id = aws_api_gateway_resource.claims.id, path = aws_api_gateway_resource.claims.path, throttle = var.throttles.claim }
    my_claim = { http_method = "GET", resource_id = aws_api_gateway_resource.my_claim.id, path = aws_api_gateway_resource.my_claim.path, throttle = var.throttles.my_claim }
  }

  # The service's own problems, in its own words (docs/api.md). API Gateway does not look at Accept-Language.
  problems = {
    rate-limited    = { status = "429", title = "There were too many requests; nothing was decided.", retry_after = var.retry_after_seconds }
    not-found       = { status = "404", title = "There is nothing here.", retry_after = null }
    invalid-request = { status = "400", title = "The request is not valid.", retry_after = null }
    body-too-large  = { status = "413", title = "The body is larger than allowed.", retry_after = null }
    unavailable     = { status = "503", title = "The outcome is not known yet; asking again is safe.", retry_after = var.retry_after_seconds }
  }

  problem_bodies = {
    for code, problem in local.problems : code => jsonencode({
      type   = "urn:coupon:problem:${code}"
      title  = problem.title
      status = tonumber(problem.status)
      code   = code
    })
  }

  # What API Gateway itself answers, by its own names
  responses = {
    THROTTLED                    = "rate-limited"
    QUOTA_EXCEEDED               = "rate-limited"
    WAF_FILTERED                 = "rate-limited"
    MISSING_AUTHENTICATION_TOKEN = "not-found" # so it calls a route that is not there
    RESOURCE_NOT_FOUND           = "not-found"
    BAD_REQUEST_PARAMETERS       = "invalid-request"
    BAD_REQUEST_BODY             = "invalid-request"
    REQUEST_TOO_LARGE            = "body-too-large"
    INTEGRATION_TIMEOUT          = "unavailable"
    INTEGRATION_FAILURE          = "unavailable"
    DEFAULT_5XX                  = "unavailable"
  }
}

# --- API Gateway --------------------------------------------------------------------------------------------------

resource "aws_api_gateway_rest_api" "this" {
  name        = var.name
  description = "${var.name}: the public routes"

  # It is reached by its own name alone, whose TLS is chosen here.
  disable_execute_api_endpoint = true

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_resource" "api" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_rest_api.this.root_resource_id
  path_part   = "api"
}

resource "aws_api_gateway_resource" "v1" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.api.id
  path_part   = "v1"
}

resource "aws_api_gateway_resource" "campaigns" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.v1.id
  path_part   = "campaigns"
}

resource "aws_api_gateway_resource" "campaign" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.campaigns.id
  path_part   = "{campaign}"
}

resource "aws_api_gateway_resource" "claims" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.campaign.id
  path_part   = "claims"
}

resource "aws_api_gateway_resource" "my_claim" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  parent_id   = aws_api_gateway_resource.claims.id
  path_part   = "me"
}

# Members are known by the service, which verifies their tokens.
resource "aws_api_gateway_method" "this" {
  for_each = local.methods

  rest_api_id   = aws_api_gateway_rest_api.this.id
  resource_id   = each.value.resource_id
  http_method   = each.value.http_method
  authorization = "NONE"

  request_parameters = { "method.request.path.campaign" = true }
}

resource "aws_api_gateway_vpc_link" "this" {
  name        = var.name
  description = "${var.name}: to the network load balancer"
  target_arns = [aws_lb.this.arn]
}

resource "aws_api_gateway_integration" "this" {
  for_each = local.methods

  rest_api_id             = aws_api_gateway_rest_api.this.id
  resource_id             = each.value.resource_id
  http_method             = aws_api_gateway_method.this[each.key].http_method
  type                    = "HTTP_PROXY"
  integration_http_method = each.value.http_method
  connection_type         = "VPC_LINK"
  connection_id           = aws_api_gateway_vpc_link.this.id
  # The link says where it goes; the name is for the certificate, which is verified.
  uri = "https://${var.internal_domain_name}${each.value.path}"
  # more than coupon.issuance.claims.answer-within, 5 s
  timeout_milliseconds = var.timeout_ms

  request_parameters = {
    "integration.request.path.campaign" = "method.request.path.campaign"
    # in place of what the client says he is
    "integration.request.header.X-Forwarded-For" = "context.identity.sourceIp"
    "integration.request.header.X-User-Id"       = "''"
    "integration.request.header.X-User-Scopes"   = "''"
  }
}

resource "aws_api_gateway_gateway_response" "this" {
  for_each = local.responses

  rest_api_id   = aws_api_gateway_rest_api.this.id
  response_type = each.key
  status_code   = local.problems[each.value].status

  response_templates = { "application/json" = local.problem_bodies[each.value] }

  response_parameters = merge(
    {
      "gatewayresponse.header.Content-Type"              = "'application/problem+json'"
      "gatewayresponse.header.Cache-Control"             = "'no-store'"
      "gatewayresponse.header.X-Content-Type-Options"    = "'nosniff'"
      "gatewayresponse.header.Strict-Transport-Security" = "'max-age=31536000'"
    },
    local.problems[each.value].retry_after == null ? {} : {
      "gatewayresponse.header.Retry-After" = "'${local.problems[each.value].retry_after}'"
    },
  )
}

resource "aws_api_gateway_deployment" "this" {
  rest_api_id = aws_api_gateway_rest_api.this.id

  # A stage goes on with what was deployed, so every change of these is a deployment.
  triggers = {
    content = sha256(jsonencode([
      aws_api_gateway_method.this,
      aws_api_gateway_integration.this,
      aws_api_gateway_gateway_response.this,
    ]))
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_cloudwatch_log_group" "access" {
  name              = "/${var.name}/edge"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_key_arn
}

# There is no metric of those who were throttled; they are among all that is 4xx, as sold out is.
resource "aws_cloudwatch_log_metric_filter" "throttled" {
  name           = "${var.name}-Throttled"
  log_group_name = aws_cloudwatch_log_group.access.name
  pattern        = "{ $.error = \"THROTTLED\" }"

  metric_transformation {
    namespace     = "Coupon/${var.name}"
    name          = "Throttled"
    value         = "1"
    default_value = "0"
    unit          = "Count"
  }
}

resource "aws_api_gateway_stage" "this" {
  rest_api_id          = aws_api_gateway_rest_api.this.id
  deployment_id        = aws_api_gateway_deployment.this.id
  stage_name           = "live"
  xray_tracing_enabled = false

  # No headers and no body: neither members nor tokens get into a log.
  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.access.arn
    format = jsonencode({
      at                = "$context.requestTime"
      client            = "$context.identity.sourceIp"
      method            = "$context.httpMethod"
      path              = "$context.path"
      status            = "$context.status"
      milliseconds      = "$context.responseLatency"
      node_status       = "$context.integration.status"
      node_milliseconds = "$context.integration.latency"
      waf               = "$context.wafResponseCode"
      error             = "$context.error.responseType"
      id                = "$context.requestId"
    })
  }

  depends_on = [aws_api_gateway_account.this]
}

# Of the stage: what no line below says otherwise.
resource "aws_api_gateway_method_settings" "stage" {
  rest_api_id = aws_api_gateway_rest_api.this.id
  stage_name  = aws_api_gateway_stage.this.stage_name
  method_path = "*/*"

  settings {
    throttling_rate_limit  = var.throttles.stage.rate
    throttling_burst_limit = var.throttles.stage.burst
    metrics_enabled        = true
    logging_level          = "OFF"
    data_trace_enabled     = false
    caching_enabled        = false
  }
}

resource "aws_api_gateway_method_settings" "method" {
  for_each = local.methods

  rest_api_id = aws_api_gateway_rest_api.this.id
  stage_name  = aws_api_gateway_stage.this.stage_name
  method_path = "${trimprefix(each.value.path, "/")}/${each.value.http_method}"

  settings {
    throttling_rate_limit  = each.value.throttle.rate
    throttling_burst_limit = each.value.throttle.burst
    metrics_enabled        = true
    logging_level          = "OFF"
    data_trace_enabled     = false
    caching_enabled        = false
  }

  depends_on = [aws_api_gateway_method_settings.stage]
}

# One for the account in this region, without which no stage can write a log
resource "aws_api_gateway_account" "this" {
  count = var.manage_account_logging ? 1 : 0

  cloudwatch_role_arn = aws_iam_role.logs[0].arn

  depends_on = [aws_iam_role_policy_attachment.logs]
}

resource "aws_iam_role" "logs" {
  count = var.manage_account_logging ? 1 : 0

  name = "${var.name}-edge-logs"

  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "apigateway.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = { StringEquals = { "aws:SourceAccount" = var.account_id } }
    }]
  })
}

resource "aws_iam_role_policy_attachment" "logs" {
  count = var.manage_account_logging ? 1 : 0

  role       = aws_iam_role.logs[0].name
  policy_arn = "arn:${var.partition}:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs"
}

# --- Its name -----------------------------------------------------------------------------------------------------

resource "aws_api_gateway_domain_name" "this" {
  domain_name              = var.domain_name
  regional_certificate_arn = var.certificate_arn
  security_policy          = "TLS_1_2"

  endpoint_configuration {
    types = ["REGIONAL"]
  }
}

resource "aws_api_gateway_base_path_mapping" "this" {
  api_id      = aws_api_gateway_rest_api.this.id
  stage_name  = aws_api_gateway_stage.this.stage_name
  domain_name = aws_api_gateway_domain_name.this.domain_name
}

resource "aws_route53_record" "this" {
  zone_id = var.hosted_zone_id
  name    = var.domain_name
  type    = "A"

  alias {
    name                   = aws_api_gateway_domain_name.this.regional_domain_name
    zone_id                = aws_api_gateway_domain_name.this.regional_zone_id
    evaluate_target_health = false
  }
}

# --- The way in ---------------------------------------------------------------------------------------------------

resource "aws_lb" "this" {
  name               = "${var.name}-link"
  internal           = true
  load_balancer_type = "network"
  subnets            = var.balancer_subnet_ids
  security_groups    = [var.security_group_id]

  # Its group lets nobody in; what comes by the VPC link, which only this API has, is not asked.
  enforce_security_group_inbound_rules_on_private_link_traffic = "off"

  enable_cross_zone_load_balancing = true
  enable_deletion_protection       = var.deletion_protection
}

resource "aws_lb_target_group" "this" {
  name        = "${var.name}-link"
  vpc_id      = var.vpc_id
  target_type = "alb"
  protocol    = "TCP"
  port        = 443

  health_check {
    protocol = "HTTPS"
    path     = "/health"
    matcher  = "200"
  }
}

resource "aws_lb_target_group_attachment" "this" {
  target_group_arn = aws_lb_target_group.this.arn
  target_id        = var.balancer.arn
  port             = 443

  lifecycle {
    # A load balancer is a target only once it listens; so this waits for its listener.
    precondition {
      condition     = var.balancer.members_listener_arn != ""
      error_message = "The load balancer has no listener for members."
    }
  }
}

# TLS ends at the load balancer behind.
resource "aws_lb_listener" "this" {
  load_balancer_arn = aws_lb.this.arn
  protocol          = "TCP"
  port              = 443

  default_action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.this.arn
  }
}
