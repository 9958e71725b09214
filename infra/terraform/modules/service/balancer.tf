# An internal load balancer with two listeners: one for members, which API Gateway comes by and which knows no admin
# API, and one for operators, whose port only their addresses reach.

resource "aws_lb" "this" {
  name               = var.name
  internal           = true
  load_balancer_type = "application"
  subnets            = var.balancer_subnet_ids
  security_groups    = [var.security_group_ids["alb"]]

  idle_timeout               = local.idle_seconds
  drop_invalid_header_fields = true
  desync_mitigation_mode     = "defensive"
  enable_deletion_protection = var.deletion_protection
  # the address of whoever connects stands last, so that nobody can invent it
  xff_header_processing_mode = "append"

  access_logs {
    bucket  = aws_s3_bucket.access_logs.id
    enabled = true
  }

  # It writes a file to try whether it may.
  depends_on = [aws_s3_bucket_policy.access_logs]
}

resource "aws_lb_target_group" "role" {
  for_each = local.roles

  name                          = "${var.name}-${each.key}"
  vpc_id                        = var.vpc_id
  target_type                   = "ip"
  protocol                      = "HTTP"
  port                          = var.ports.http
  deregistration_delay          = 30
  load_balancing_algorithm_type = "least_outstanding_requests"

  health_check {
    protocol            = "HTTP"
    port                = var.ports.management
    path                = "/actuator/health/readiness"
    matcher             = "200"
    interval            = 5
    timeout             = 3
    healthy_threshold   = 2
    unhealthy_threshold = 3
  }
}

locals {
  listeners = {
    members   = var.ports.https
    operators = var.ports.operators
  }
}

resource "aws_lb_listener" "this" {
  for_each = local.listeners

  load_balancer_arn = aws_lb.this.arn
  protocol          = "HTTPS"
  port              = each.value
  certificate_arn   = var.certificate_arn
  ssl_policy        = "ELBSecurityPolicy-TLS13-1-2-2021-06"

  routing_http_response_server_enabled                         = false
  routing_http_response_strict_transport_security_header_value = "max-age=31536000"

  # What nobody opened is not there.
  default_action {
    type = "fixed-response"

    fixed_response {
      status_code  = "404"
      content_type = "application/json"
      message_body = jsonencode({ type = "urn:coupon:problem:not-found", title = "There is nothing here.", status = 404, code = "not-found" })
    }
  }
}

resource "aws_lb_listener_rule" "members" {
  listener_arn = aws_lb_listener.this["members"].arn
  priority     = 10

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.role["api"].arn
  }

  condition {
    path_pattern {
      values = ["/api/v1/campaigns/*"]
    }
  }
}

# For the network load balancer in front, which looks whether this one is there
resource "aws_lb_listener_rule" "health" {
  listener_arn = aws_lb_listener.this["members"].arn
  priority     = 20

  action {
    type = "fixed-response"

    fixed_response {
      status_code  = "200"
      content_type = "text/plain"
      message_body = "up"
    }
  }

  condition {
    path_pattern {
      values = ["/health"]
    }
  }
}

resource "aws_lb_listener_rule" "operators" {
  listener_arn = aws_lb_listener.this["operators"].arn
  priority     = 10

  action {
    type             = "forward"
    target_group_arn = aws_lb_target_group.role["consumer"].arn
  }

  condition {
    path_pattern {
      values = ["/api/v1/admin/*", "/console", "/console/*"]
    }
  }
}

# The load balancer's name inside of the VPC, which is in its certificate
resource "aws_route53_zone" "internal" {
  name    = var.internal_domain_name
  comment = "${var.name}: the internal load balancer"

  vpc {
    vpc_id = var.vpc_id
  }
}

resource "aws_route53_record" "internal" {
  zone_id = aws_route53_zone.internal.zone_id
  name    = var.internal_domain_name
  type    = "A"

  alias {
    name                   = aws_lb.this.dns_name
    zone_id                = aws_lb.this.zone_id
    evaluate_target_health = false
  }
}

# --- Access logs --------------------------------------------------------------------------------------------------

resource "aws_s3_bucket" "access_logs" {
  bucket        = "${var.name}-${var.account_id}-${var.region}-access"
  force_destroy = !var.deletion_protection
}

resource "aws_s3_bucket_public_access_block" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id

  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id

  rule {
    apply_server_side_encryption_by_default {
      # Load balancers write to no bucket that is encrypted by another key than S3's own.
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = var.log_retention_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

resource "aws_s3_bucket_policy" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "LoadBalancersWrite"
        Effect    = "Allow"
        Principal = { Service = "logdelivery.elasticloadbalancing.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "${aws_s3_bucket.access_logs.arn}/AWSLogs/${var.account_id}/*"
        Condition = {
          ArnLike = { "aws:SourceArn" = "arn:${var.partition}:elasticloadbalancing:${var.region}:${var.account_id}:loadbalancer/*" }
        }
      },
      {
        Sid       = "OverTlsAlone"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.access_logs.arn, "${aws_s3_bucket.access_logs.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.access_logs]
}
