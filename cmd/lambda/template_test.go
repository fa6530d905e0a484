package main

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/kelseyhightower/envconfig"
	"pgregory.net/rapid"

	"realtimekit-digest/internal/config"
	"realtimekit-digest/internal/period"
)

func readFile(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

func TestTemplate(t *testing.T) {
	t.Parallel()
	for _, problem := range reviewTemplate(readFile(t, "../../template.yaml"), readFile(t, "../../Makefile")) {
		t.Error(problem)
	}
}

// TestTemplateBroken breaks the template in each way that the review should
// notice.
func TestTemplateBroken(t *testing.T) {
	t.Parallel()
	template, makefile := readFile(t, "../../template.yaml"), readFile(t, "../../Makefile")
	tests := []struct{ name, from, to, want string }{
		{"no YAML", "Parameters:", "\tParameters", "yaml"},
		{"old runtime", "provided.al2023", "provided.al2", "wrong Runtime"},
		{"other architecture", "[arm64]", "[x86_64]", "wrong Architectures"},
		{"two architectures", "[arm64]", "[arm64, x86_64]", "wrong Architectures"},
		{"other handler", "Handler: bootstrap", "Handler: main", "wrong Handler"},
		{"other build", "BuildMethod: makefile", "BuildMethod: go1.x", "BuildMethod is not"},
		{"function that the Makefile does not build", "  DigestFunction:", "  ReportFunction:", "no target build-ReportFunction"},
		{"no function", "AWS::Serverless::Function", "AWS::Lambda::Function", "no function"},
		{"little time", "Timeout: 900", "Timeout: 60", "Timeout is 1m0s"},
		{"little memory", "MemorySize: 256", "MemorySize: 128", "MemorySize is 128"},
		{"alias", "      CodeUri: .", "      CodeUri: .\n      AutoPublishAlias: live", "alias keeps"},

		{"variable left out", "          REPORT_TOP: !Ref ReportTop\n", "", "REPORT_TOP is not set"},
		{"state table left out", "          STATE_TABLE: ''\n", "", "STATE_TABLE is not set"},
		{"unknown variable", "          REPORT_TOP:", "          REPORT_BOTTOM: 1\n          REPORT_TOP:", "REPORT_BOTTOM is no variable"},
		{"unknown parameter", "!Ref ReportTop", "!Ref ReportBottom", "nothing is called"},
		{"resource as a value", "!Ref ReportTop", "!Ref DigestLogGroup", "DigestLogGroup is no parameter"},
		{"other value", "STATE_TABLE: ''", "STATE_TABLE: deliveries", `STATE_TABLE is "deliveries"`},
		{"other role", "FUNCTION_ROLE: digest", "FUNCTION_ROLE: command", `FUNCTION_ROLE is "command"`},
		{"other default", "Default: 48h", "Default: 24h", `"24h", want "48h"`},
		{"default as a number", "Default: '0.0005'", "Default: 5e-4", "its default is no text"},
		{"default for what is required", "    Description: Cloudflare account", "    Default: abc\n    Description: Cloudflare account", "is required, but"},
		{"secret that shows", "    NoEcho: true\n    Description", "    Description", "NoEcho of CloudflareApiToken"},
		{"secret that shows where it may be left out", "    NoEcho: true\n    Default", "    Default", "NoEcho of SlackBotToken"},
		{"pattern against its default", "'^([1-9][0-9]?|100)$'", "'^[1-9]$'", "refuses its default"},
		{"open pattern", "'^([1-9][0-9]?|100)$'", "'([1-9][0-9]?|100)'", "bad pattern"},
		{"no pattern", "    AllowedPattern: '^([1-9][0-9]?|100)$'\n", "", "ReportTop may be anything"},
		{"no description", "    Description: Meetings on the first page of the table.\n", "", "ReportTop is not described"},

		{"input that is no JSON", `"<aws.scheduler.scheduled-time>"`, "<aws.scheduler.scheduled-time>", "Input is not JSON"},
		{"misspelt attribute", "<aws.scheduler.scheduled-time>", "<aws.scheduler.scheduled_time>", "attribute that is not known"},
		{"attribute of the attempt", "<aws.scheduler.schedule-arn>", "<aws.scheduler.execution-id>", "changes with every attempt"},
		{"input with an unknown field", `"period":`, `"Period":`, "Input is refused: unknown field"},
		{"input of another version", `"version":1`, `"version":2`, "Input is refused: version 2"},
		{"input for another day", `"period":"yesterday"`, `"period":"today"`, "asks for something else"},
		{"no input", "Input: >-", "Note: >-", "Input is not JSON"},
		{"five fields", "cron(0 6 * * ? *)", "cron(0 6 * * ?)", "six fields"},
		{"cron as elsewhere", "cron(0 6 * * ? *)", "cron(0 6 * * * *)", "one of day and weekday"},
		{"while clocks change", "cron(0 6 * * ? *)", "cron(30 2 * * ? *)", "the hour is not"},
		{"every hour", "cron(0 6 * * ? *)", "cron(0 * * * ? *)", "the hour is not"},
		{"every minute", "cron(0 6 * * ? *)", "cron(* 6 * * ? *)", "the minute is not"},
		{"cron without quotes", "'cron(0 6 * * ? *)'", "cron(0 6 * * ? *)", "not in quotes"},
		{"rate", "cron(0 6 * * ? *)", "rate(1 day)", "no cron expression"},
		{"pattern that allows 02:30", "([4-9]|1[0-9]|2[0-3])( ", "([0-9]|1[0-9]|2[0-3])( ", "ScheduleExpression allows"},
		{"unknown zone", "Default: UTC", "Default: Mars/Olympus", "is not known"},
		{"zone of its own", "ScheduleExpressionTimezone: !Ref ReportTimezone", "ScheduleExpressionTimezone: !Ref SlackChannelId", "is not the report's"},
		{"name", "OmitName: true", "Name: daily", "would collide"},
		{"window", "Mode: 'OFF'", "Mode: OFF", "is not 'OFF'"},
		{"rule", "Type: ScheduleV2", "Type: Schedule", "no ScheduleV2"},

		{"retries for ever", "MaximumRetryAttempts: 0", "MaximumRetryAttempts: 3", "MaximumRetryAttempts is 3"},
		{"retries unsaid", "      EventInvokeConfig:", "      EventConfig:", "MaximumRetryAttempts is -1"},
		{"events of yesterday", "        MaximumEventAgeInSeconds: 3600\n      Events", "        MaximumEventAgeInSeconds: 21600\n      Events", "DigestFunction: MaximumEventAgeInSeconds is 21600"},
		{"schedule of yesterday", "              MaximumEventAgeInSeconds: 3600", "              MaximumEventAgeInSeconds: 86400", "Daily: MaximumEventAgeInSeconds is 86400"},
		{"both dead-letter queues", "            OmitName: true", "            DeadLetterConfig: {Type: SQS, Arn: a}\n            OmitName: true", "Type or Arn, not both"},
		{"text log", "LogFormat: JSON", "LogFormat: Text", "LogFormat is not JSON"},
		{"no log of its own", "        LogGroup: !Ref DigestLogGroup\n", "", "no log group of its own"},
		{"log kept for ever", "      RetentionInDays: !Ref LogRetentionDays\n", "", "kept for ever"},
		{"any log", "Resource: !GetAtt DigestLogGroup.Arn", "Resource: '*'", "more than is needed"},
		{"any action", "- logs:PutLogEvents", "- logs:*", "more than is needed"},
		{"policies", "      Role: !GetAtt DigestRole.Arn", "      Policies: [AmazonS3FullAccess]", "more permissions"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			broken := strings.Replace(template, test.from, test.to, 1)
			if broken == template {
				t.Fatalf("the template has no %q", test.from)
			}
			problems := strings.Join(reviewTemplate(broken, makefile), "\n")
			if !strings.Contains(problems, test.want) {
				t.Errorf("not noticed; the problems are: %s", problems)
			}
		})
	}
	t.Run("Makefile for another architecture", func(t *testing.T) {
		t.Parallel()
		problems := reviewTemplate(template, strings.ReplaceAll(makefile, "arm64", "amd64"))
		if !strings.Contains(strings.Join(problems, "\n"), "another architecture") {
			t.Errorf("not noticed; the problems are: %s", problems)
		}
	})
}

// TestTemplatePatterns draws values that the template lets through: the
// function has to start with them, but for what no pattern can know.
func TestTemplatePatterns(t *testing.T) {
	t.Parallel()
	root, err := readTemplate(readFile(t, "../../template.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	exceptions := map[string]func(string) bool{
		"REALTIMEKIT_APP_ID": func(s string) bool { return s == "all" },
		"REPORT_TIMEZONE":    func(s string) bool { _, err := period.LoadZone(s); return err != nil },
	}
	variables := root.at("Resources", "DigestFunction", "Properties", "Environment", "Variables")
	for field := range reflect.TypeFor[config.Config]().Fields() {
		name := field.Tag.Get("envconfig")
		pattern := root.at("Parameters", variables.at(name).ref(), "AllowedPattern").Value
		if pattern == "" {
			continue // not for the user to set
		}
		t.Run(name, rapid.MakeCheck(func(t *rapid.T) {
			s := rapid.StringMatching(pattern).Draw(t, "value")
			if exception := exceptions[name]; s == "" || exception != nil && exception(s) {
				return
			}
			decoder := reflect.New(field.Type).Interface().(envconfig.Decoder)
			if err := decoder.Decode(s); err != nil {
				t.Errorf("the template lets %q through, %s does not", s, name)
			}
		}))
	}
}
