package lambda_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"realtimekit-digest/internal/simulator/lambda"
)

func TestEnvironmentAndLogs(t *testing.T) {
	t.Setenv("SECRET_OF_THE_DEVELOPER", "must not be seen")
	runtime := begin(t)
	var logs bytes.Buffer
	process := boot(t, runtime, "serve", &logs, "REPORT_TIMEZONE=Europe/Berlin", "AWS_REGION=eu-west-3", "AWS_LAMBDA_RUNTIME_API=192.0.2.1:80")
	got, err := invoke(runtime, `{"do":"env"}`, 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	var r report
	if err := json.Unmarshal(got.Payload, &r); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"_HANDLER": "bootstrap", "AWS_LAMBDA_FUNCTION_NAME": "realtimekit-digest", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128", "AWS_REGION": "eu-west-3", "AWS_DEFAULT_REGION": "eu-central-1",
		"REPORT_TIMEZONE": "Europe/Berlin", "TZ": ":UTC", "PATH": os.Getenv("PATH"), "HOME": os.Getenv("HOME"),
	} {
		if r.Env[name] != want {
			t.Errorf("%s is %q, want %q", name, r.Env[name], want)
		}
	}
	if value, ok := r.Env["SECRET_OF_THE_DEVELOPER"]; ok {
		t.Errorf("inherited %q", value)
	}
	if _, err := invoke(runtime, `{"do":"echo","word":"hello"}`, 10*time.Second); err != nil {
		t.Error(err)
	}
	process.Stop() // from here on nothing writes to logs
	for _, line := range []string{"to standard output: hello\n", "to standard error: hello\n"} {
		if !strings.Contains(logs.String(), line) {
			t.Errorf("no %q in %q", line, logs.String())
		}
	}
}

// TestOtherProcessesGoOn: the exit of one process ends its own invocation, not what waits for another one.
func TestOtherProcessesGoOn(t *testing.T) {
	runtime := begin(t)
	first := boot(t, runtime, "serve", nil)
	taken := pending(runtime, `{"do":"sleep","word":"1m"}`, time.Minute)
	time.Sleep(300 * time.Millisecond) // until first has it
	boot(t, runtime, "serve", nil)
	busy := pending(runtime, `{"do":"sleep","word":"1s"}`, time.Minute)
	time.Sleep(300 * time.Millisecond) // until the second process has it
	queued := pending(runtime, `{"do":"echo","word":"still here"}`, time.Minute)
	time.Sleep(50 * time.Millisecond)
	first.Stop()
	var unanswered *lambda.UnansweredError
	if a := <-taken; !errors.As(a.err, &unanswered) || unanswered.Type != "Runtime.ExitError" {
		t.Errorf("what the first had: %+v", a)
	}
	for name, answers := range map[string]<-chan answered{"busy": busy, "queued": queued} {
		if a := <-answers; a.err != nil || a.result.Failed {
			t.Errorf("%s: %+v", name, a)
		}
	}
}

func TestExecEndsWithItsContext(t *testing.T) {
	runtime := begin(t)
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	process, err := runtime.Exec(ctx, path, []string{bootstrapMode + "=serve"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	select {
	case <-process.Exited():
	case <-time.After(10 * time.Second):
		t.Error("the process still runs")
	}
	if _, err := runtime.Exec(context.Background(), "/no/such/bootstrap", nil, nil); err == nil {
		t.Error("started what is not there")
	}
}
