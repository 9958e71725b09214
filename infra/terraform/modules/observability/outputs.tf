output "topic_arns" {
  description = "Topics by what they are for: page, ticket, database."
  value       = merge({ for name, topic in aws_sns_topic.this : name => topic.arn }, { database = aws_sns_topic.database.arn })
}

output "alarms" {
  description = "All alarms: whether each tells somebody, and how urgently."
  value = {
    for name, alarm in aws_cloudwatch_metric_alarm.this : name => {
      severity = local.alarms[name].severity
      tells    = length(alarm.alarm_actions) > 0
    }
  }
}
