# Whoever starts a task fetches its image and its secrets; the task itself may do nothing in AWS.

locals {
  trusted_by_tasks = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Principal = { Service = "ecs-tasks.amazonaws.com" }
      Action    = "sts:AssumeRole"
      Condition = {
        StringEquals = { "aws:SourceAccount" = var.account_id }
        ArnLike      = { "aws:SourceArn" = "arn:${var.partition}:ecs:${var.region}:${var.account_id}:*" }
      }
    }]
  })

  # account, region and name
  registry = regex("^(?P<account>[0-9]{12})\\.dkr\\.ecr\\.(?P<region>[a-z0-9-]+)\\.amazonaws\\.com(?:\\.cn)?/(?P<repository>[a-z0-9._/-]+)[:@]", var.image)
}

resource "aws_iam_role" "execution" {
  for_each = local.roles

  name               = "${var.name}-${each.key}-execution"
  description        = "Starts tasks of the role ${each.key}"
  assume_role_policy = local.trusted_by_tasks
}

resource "aws_iam_role_policy" "execution" {
  for_each = local.roles

  name = "start"
  role = aws_iam_role.execution[each.key].id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid      = "Registry"
        Effect   = "Allow"
        Action   = "ecr:GetAuthorizationToken"
        Resource = "*"
      },
      {
        Sid      = "Image"
        Effect   = "Allow"
        Action   = ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"]
        Resource = "arn:${var.partition}:ecr:${local.registry.region}:${local.registry.account}:repository/${local.registry.repository}"
      },
      {
        Sid      = "Logs"
        Effect   = "Allow"
        Action   = ["logs:CreateLogStream", "logs:PutLogEvents"]
        Resource = "${aws_cloudwatch_log_group.task[each.key].arn}:*"
      },
      {
        Sid      = "Secrets"
        Effect   = "Allow"
        Action   = "secretsmanager:GetSecretValue"
        Resource = each.value.readable
      },
      {
        Sid       = "KeyOfSecrets"
        Effect    = "Allow"
        Action    = "kms:Decrypt"
        Resource  = var.secrets_key_arn
        Condition = { StringEquals = { "kms:ViaService" = "secretsmanager.${var.region}.amazonaws.com" } }
      },
    ]
  })
}

resource "aws_iam_role" "task" {
  for_each = local.roles

  name               = "${var.name}-${each.key}"
  description        = "What tasks of the role ${each.key} may do in AWS: nothing"
  assume_role_policy = local.trusted_by_tasks
}
