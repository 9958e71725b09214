output "url" {
  description = "Where members find the API."
  value       = "https://${var.domain_name}"
}

output "api" {
  description = "Name and stage of the API, for alarms."
  value       = { name = aws_api_gateway_rest_api.this.name, stage = aws_api_gateway_stage.this.stage_name }
}

output "throttled_metric" {
  description = "Namespace and name of the metric of those who were throttled, for alarms."
  value       = "Coupon/${var.name} ${aws_cloudwatch_log_metric_filter.throttled.metric_transformation[0].name}"
}

output "web_acl_name" {
  description = "The web ACL, for alarms."
  value       = aws_wafv2_web_acl.this.name
}

output "link_balancer" {
  description = "The network load balancer, for alarms, and whether it is internal."
  value = {
    arn_suffix          = aws_lb.this.arn_suffix
    target_group_suffix = aws_lb_target_group.this.arn_suffix
    internal            = aws_lb.this.internal
  }
}

output "routes" {
  description = "The public routes, and what is let through of each."
  value = {
    for name, method in local.methods : "${method.http_method} ${method.path}" => method.throttle
  }
}
