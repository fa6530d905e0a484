package main

import (
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"realtimekit-digest/internal/config"
	"realtimekit-digest/internal/period"
)

// node is a value of the template. Nothing is the zero node: it has no
// members and an empty text. CloudFormation's short functions, such as !Ref,
// are the tags of YAML nodes.
type node struct{ yaml.Node }

// at goes down through members of maps.
func (n node) at(path ...string) node {
	for _, name := range path {
		next := node{}
		for _, m := range n.members() {
			if m.name == name {
				next = m.value
			}
		}
		n = next
	}
	return n
}

type member struct {
	name  string
	value node
}

func (n node) members() (all []member) {
	if n.Kind == yaml.MappingNode {
		for i := 0; i+1 < len(n.Content); i += 2 {
			all = append(all, member{n.Content[i].Value, node{*n.Content[i+1]}})
		}
	}
	return all
}

func (n node) there() bool { return n.Kind != 0 }

// is reports whether n is a scalar of YAML's kind, such as "!!str", and text.
func (n node) is(kind, text string) bool { return n.Tag == kind && n.Value == text }

// quoted reports whether n is in quotes. Without them OFF is false to the
// YAML that CloudFormation reads, and a text to the YAML that Go reads.
func (n node) quoted() bool { return n.Style&(yaml.SingleQuotedStyle|yaml.DoubleQuotedStyle) != 0 }

// ref is the name that a !Ref names.
func (n node) ref() string {
	if n.Tag == "!Ref" {
		return n.Value
	}
	return ""
}

func (n node) number() int {
	i, err := strconv.Atoi(n.Value)
	if n.Tag != "!!int" || err != nil {
		return -1
	}
	return i
}

// every calls f with each value in n and the path to it.
func (n node) every(path string, f func(path string, n node)) {
	f(path, n)
	for _, m := range n.members() {
		m.value.every(path+"."+m.name, f)
	}
	if n.Kind == yaml.SequenceNode {
		for _, item := range n.Content {
			node{*item}.every(path, f)
		}
	}
}

func readTemplate(content string) (node, error) {
	var document yaml.Node
	if err := yaml.Unmarshal([]byte(content), &document); err != nil {
		return node{}, err
	}
	return node{*document.Content[0]}, nil
}

// review collects what is wrong with a template. cfn-lint knows CloudFormation;
// this knows the function.
type review struct {
	template node
	makefile string
	problems []string
}

func (r *review) want(ok bool, format string, args ...any) {
	if !ok {
		r.problems = append(r.problems, fmt.Sprintf(format, args...))
	}
}

func reviewTemplate(template, makefile string) []string {
	root, err := readTemplate(template)
	if err != nil {
		return []string{err.Error()}
	}
	r := &review{template: root, makefile: makefile}
	r.everywhere()
	r.parameters()
	functions := 0
	for _, resource := range root.at("Resources").members() {
		if resource.value.at("Type").Value == "AWS::Serverless::Function" {
			functions++
			r.function(resource.name, resource.value)
			r.environment(resource.value.at("Properties", "Environment", "Variables"))
			r.schedules(resource.value.at("Properties", "Events"))
		}
	}
	r.want(functions > 0, "no function")
	return r.problems
}

// everywhere checks what holds for every value.
func (r *review) everywhere() {
	known := []string{"AWS::AccountId", "AWS::NoValue", "AWS::Partition", "AWS::Region", "AWS::StackName", "AWS::URLSuffix"}
	for _, section := range []string{"Parameters", "Resources"} {
		for _, m := range r.template.at(section).members() {
			known = append(known, m.name)
		}
	}
	r.template.every("", func(path string, n node) {
		r.want(n.ref() == "" || slices.Contains(known, n.ref()), "%s: nothing is called %q", path, n.ref())
		r.want(!strings.HasSuffix(path, ".AutoPublishAlias"), "%s: an alias keeps the old parameters", path)
		inPolicy := strings.HasSuffix(path, ".Action") || strings.HasSuffix(path, ".Resource")
		r.want(!inPolicy || !strings.Contains(n.Value, "*"), "%s: %q is more than is needed", path, n.Value)
		r.want(!strings.HasSuffix(path, ".DeadLetterConfig") || n.at("Type").there() != n.at("Arn").there(), "%s: needs Type or Arn, not both", path)
	})
}

func (r *review) parameters() {
	for _, p := range r.template.at("Parameters").members() {
		r.want(p.value.at("Description").Value != "", "%s is not described", p.name)
		pattern, fallback := p.value.at("AllowedPattern"), p.value.at("Default")
		if !pattern.there() {
			r.want(p.value.at("AllowedValues").there(), "%s may be anything", p.name)
			continue
		}
		re, err := regexp.Compile(pattern.Value)
		r.want(err == nil && strings.HasPrefix(pattern.Value, "^") && strings.HasSuffix(pattern.Value, "$"), "%s: bad pattern %s", p.name, pattern.Value)
		r.want(err != nil || !fallback.there() || re.MatchString(fallback.Value), "%s: its pattern refuses its default", p.name)
		r.want(p.value.at("ConstraintDescription").Value != "", "%s does not say what it must be", p.name)
		r.want(!fallback.there() || fallback.Tag == "!!str", "%s: its default is no text", p.name)
	}
}

func (r *review) function(name string, f node) {
	properties := f.at("Properties")
	r.want(f.at("Metadata", "BuildMethod").Value == "makefile", "%s: BuildMethod is not makefile", name)
	r.want(properties.at("Runtime").Value == "provided.al2023", "%s: wrong Runtime", name)
	r.want(properties.at("Handler").Value == "bootstrap", "%s: wrong Handler", name)
	r.want(properties.at("CodeUri").Value == ".", "%s: wrong CodeUri", name)
	var architectures []string
	for _, a := range properties.at("Architectures").Content {
		architectures = append(architectures, a.Value)
	}
	r.want(slices.Equal(architectures, []string{"arm64"}), "%s: wrong Architectures", name)
	r.want(regexp.MustCompile(`(?m)^GOARCH\s*\?=\s*arm64\s*$`).MatchString(r.makefile), "%s: the Makefile builds for another architecture", name)
	r.want(regexp.MustCompile(`(?m)^build-`+name+`:`).MatchString(r.makefile), "the Makefile has no target build-%s", name)
	// Reading leaves a reserve for posting and must have some time itself.
	timeout := time.Duration(properties.at("Timeout").number()) * time.Second
	r.want(timeout >= 4*reserve && timeout <= 15*time.Minute, "%s: Timeout is %v", name, timeout)
	memory := properties.at("MemorySize").number()
	r.want(memory >= 256 && memory <= 512, "%s: MemorySize is %d", name, memory)

	async := properties.at("EventInvokeConfig")
	retries := async.at("MaximumRetryAttempts").number()
	r.want(retries >= 0 && retries <= 2, "%s: MaximumRetryAttempts is %d", name, retries)
	r.age(name, async)

	r.want(properties.at("LoggingConfig", "LogFormat").Value == "JSON", "%s: LogFormat is not JSON", name)
	log := r.template.at("Resources", properties.at("LoggingConfig", "LogGroup").ref())
	r.want(log.at("Type").Value == "AWS::Logs::LogGroup", "%s: no log group of its own", name)
	retention := log.at("Properties", "RetentionInDays")
	r.want(retention.number() > 0 || r.template.at("Parameters", retention.ref(), "Default").number() > 0, "%s: its log is kept for ever", name)
	r.want(!properties.at("Policies").there(), "%s: more permissions than its role's", name)
}

func (r *review) age(name string, n node) {
	age := n.at("MaximumEventAgeInSeconds").number()
	r.want(age >= 60 && age <= 3600, "%s: MaximumEventAgeInSeconds is %d", name, age)
}

func (r *review) environment(variables node) {
	names := config.Variables()
	for _, v := range variables.members() {
		r.want(slices.Contains(names, v.name), "%s is no variable", v.name)
		r.want(v.value.ref() == "" || r.template.at("Parameters", v.value.ref()).there(), "%s: %s is no parameter", v.name, v.value.ref())
	}
	for field := range reflect.TypeFor[config.Config]().Fields() {
		name, fallback := field.Tag.Get("envconfig"), field.Tag.Get("default")
		value := variables.at(name)
		if !value.there() {
			r.want(false, "%s is not set", name)
			continue
		}
		if value.ref() == "" {
			r.want(value.is("!!str", fallback), "%s is %q, want %q", name, value.Value, fallback)
			continue
		}
		parameter := r.template.at("Parameters", value.ref())
		if field.Tag.Get("required") != "" {
			r.want(!parameter.at("Default").there(), "%s is required, but %s has a default", name, value.ref())
		} else {
			r.want(parameter.at("Default").is("!!str", fallback), "%s: the default of %s is %q, want %q", name, value.ref(), parameter.at("Default").Value, fallback)
		}
		secret := field.Type == reflect.TypeFor[config.Secret]()
		r.want(parameter.at("NoEcho").is("!!bool", "true") == secret, "%s: NoEcho of %s is wrong", name, value.ref())
	}
}

var cron = regexp.MustCompile(`^cron\(([^()]*)\)$`)

func (r *review) schedules(events node) {
	r.want(len(events.members()) > 0, "no schedule")
	for _, e := range events.members() {
		r.want(e.value.at("Type").Value == "ScheduleV2", "%s is no ScheduleV2", e.name)
		properties := e.value.at("Properties")
		r.want(properties.at("OmitName").is("!!bool", "true") && !properties.at("Name").there(), "%s: its name would collide with a second stack's", e.name)
		mode := properties.at("FlexibleTimeWindow", "Mode")
		r.want(mode.Value == "OFF" && mode.quoted(), "%s: FlexibleTimeWindow is not 'OFF'", e.name)
		retries := properties.at("RetryPolicy", "MaximumRetryAttempts").number()
		r.want(retries >= 0 && retries <= 185, "%s: MaximumRetryAttempts is %d", e.name, retries)
		r.age(e.name, properties.at("RetryPolicy"))

		expression := r.template.at("Parameters", properties.at("ScheduleExpression").ref())
		r.want(expression.at("Default").quoted(), "%s: its expression is not in quotes", e.name)
		if problem := checkCron(expression.at("Default").Value); problem != "" {
			r.want(false, "%s: %s", e.name, problem)
		}
		pattern, err := regexp.Compile(expression.at("AllowedPattern").Value)
		for _, bad := range []string{"cron(30 2 * * ? *)", "cron(0 0 * * ? *)", "cron(0 3 * * ? *)", "cron(0 * * * ? *)", "cron(0 6,2 * * ? *)", "cron(* 6 * * ? *)", "cron(0 6 * * ?)", "rate(1 day)"} {
			r.want(err == nil && !pattern.MatchString(bad), "%s: ScheduleExpression allows %s", e.name, bad)
		}
		zone := properties.at("ScheduleExpressionTimezone").ref()
		_, err = period.LoadZone(r.template.at("Parameters", zone, "Default").Value)
		r.want(err == nil, "%s: %v", e.name, err)
		reported := r.template.at("Resources", "DigestFunction", "Properties", "Environment", "Variables", "REPORT_TIMEZONE").ref()
		r.want(zone == reported, "%s: its zone %s is not the report's, %s", e.name, zone, reported)
		if problem := checkInput(properties.at("Input")); problem != "" {
			r.want(false, "%s: %s", e.name, problem)
		}
	}
}

// checkCron says what is wrong with an expression: it should fire once a day
// and never while clocks change.
func checkCron(expression string) string {
	inside := cron.FindStringSubmatch(expression)
	if inside == nil {
		return fmt.Sprintf("%q is no cron expression", expression)
	}
	fields := strings.Split(inside[1], " ")
	if len(fields) != 6 || slices.Contains(fields, "") {
		return fmt.Sprintf("%q does not have six fields", expression)
	}
	minute, err := strconv.Atoi(fields[0])
	if err != nil || minute < 0 || minute > 59 {
		return fmt.Sprintf("%q: the minute is not one of 0 to 59", expression)
	}
	hour, err := strconv.Atoi(fields[1])
	if err != nil || hour < 4 || hour > 23 {
		return fmt.Sprintf("%q: the hour is not one of 4 to 23", expression)
	}
	if (fields[2] == "?") == (fields[4] == "?") {
		return fmt.Sprintf("%q: one of day and weekday must be ?", expression)
	}
	return ""
}

// checkInput says what is wrong with a schedule's input, as it is and with
// Scheduler's attributes in place.
func checkInput(input node) string {
	if input.Tag != "!!str" || !json.Valid([]byte(input.Value)) {
		return fmt.Sprintf("Input is not JSON: %s", input.Value)
	}
	replaced := strings.NewReplacer(
		"<aws.scheduler.scheduled-time>", scheduled,
		"<aws.scheduler.schedule-arn>", "arn:aws:scheduler:eu-central-1:123456789012:schedule/default/daily",
		"<aws.scheduler.attempt-number>", "1",
	).Replace(input.Value)
	if strings.Contains(replaced, "<") {
		return fmt.Sprintf("Input has an attribute that is not known or changes with every attempt: %s", replaced)
	}
	e, err := decodeEvent([]byte(replaced))
	if err != nil {
		return fmt.Sprintf("Input is refused: %v", err)
	}
	r, err := e.request(defaults{}, clockTime)
	if err != nil {
		return fmt.Sprintf("Input is refused: %v", err)
	}
	if e.Kind != "scheduled" || r.Period.String() != "yesterday" || r.Moment.Format(time.RFC3339) != scheduled || e.ScheduleARN == "" || e.Attempt != "1" || r.DryRun {
		return fmt.Sprintf("Input asks for something else: %+v", e)
	}
	return ""
}
