package lambda_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"realtimekit-digest/internal/simulator/lambda"
)

// begin runs a runtime for the length of a test.
func begin(t *testing.T) *lambda.Runtime {
	t.Helper()
	runtime, err := lambda.Start()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(runtime.Close)
	return runtime
}

// boot starts this test binary as a bootstrap.
func boot(t *testing.T, runtime *lambda.Runtime, mode string, logs io.Writer, env ...string) *lambda.Process {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	process, err := runtime.Exec(context.Background(), path, append(env, bootstrapMode+"="+mode), logs)
	if err != nil {
		t.Fatal(err)
	}
	return process
}

// invoke is Invoke within bounds that no test should reach.
func invoke(runtime *lambda.Runtime, event string, timeout time.Duration) (lambda.Result, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	return runtime.Invoke(ctx, []byte(event), timeout)
}

func TestAnswers(t *testing.T) {
	runtime := begin(t)
	boot(t, runtime, "serve", nil)
	tests := []struct {
		name, event, payload string // payload is a part of it
		want                 lambda.Result
	}{
		{"response", `{"do":"echo","word":"ä\n"}`, `"word":"ä\n"`, lambda.Result{}},
		{"error of a type", `{"do":"error","word":"post"}`, `"errorType":"quarrel"`,
			lambda.Result{Failed: true, ErrorType: "quarrel", ErrorMessage: "will not post"}},
		{"plain error", `{"do":"plain error","word":"no"}`, `"errorMessage":"no"`,
			lambda.Result{Failed: true, ErrorType: "errorString", ErrorMessage: "no"}},
		{"event is not JSON", `{"do":`, `"errorMessage"`,
			lambda.Result{Failed: true, ErrorType: "errorString", ErrorMessage: "unexpected EOF"}},
		{"event is null", `null`, `"errorMessage"`,
			lambda.Result{Failed: true, ErrorType: "errorString", ErrorMessage: `unknown order ""`}},
		// The last one: the library exits when its response is refused.
		{"too large", `{"do":"large"}`, `"errorType":"Function.ResponseSizeTooLarge"`,
			lambda.Result{Failed: true, ErrorType: "Function.ResponseSizeTooLarge",
				ErrorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes)."}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := invoke(runtime, test.event, 10*time.Second)
			if err != nil {
				t.Fatal(err)
			}
			if got.Failed != test.want.Failed || got.ErrorType != test.want.ErrorType || got.ErrorMessage != test.want.ErrorMessage {
				t.Errorf("got %+v", got)
			}
			if !strings.Contains(string(got.Payload), test.payload) || !json.Valid(got.Payload) {
				t.Errorf("payload %s", got.Payload)
			}
		})
	}
}

func TestResponseThatBreaksOff(t *testing.T) {
	runtime := begin(t)
	boot(t, runtime, "serve", nil)
	got, err := invoke(runtime, `{"do":"break off"}`, 10*time.Second)
	if err != nil || !got.Failed || got.ErrorType != "quarrel" || string(got.Payload) != `{"half":` {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestContextOfTheFunction(t *testing.T) {
	runtime := begin(t)
	boot(t, runtime, "serve", nil)
	seen := map[string]bool{}
	for _, timeout := range []time.Duration{5 * time.Second, 10 * time.Minute} {
		got, err := invoke(runtime, `{"do":"context"}`, timeout)
		if err != nil {
			t.Fatal(err)
		}
		var r report
		if err := json.Unmarshal(got.Payload, &r); err != nil {
			t.Fatal(err)
		}
		if left := time.Duration(r.LeftMS) * time.Millisecond; left > timeout || left < timeout-4*time.Second {
			t.Errorf("%v left of %v", left, timeout)
		}
		if r.ARN != "arn:aws:lambda:eu-central-1:123456789012:function:realtimekit-digest" {
			t.Errorf("ARN %s", r.ARN)
		}
		if !regexp.MustCompile(`^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$`).MatchString(r.Trace) {
			t.Errorf("trace %s", r.Trace)
		}
		if !regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`).MatchString(r.RequestID) || seen[r.RequestID] {
			t.Errorf("request id %s", r.RequestID)
		}
		seen[r.RequestID] = true
	}
}

// TestUnanswered: an invocation that a process does not answer ends with the process, not with a deadline.
func TestUnanswered(t *testing.T) {
	tests := []struct {
		name, mode, event string
		timeout           time.Duration
		kind, message     string // message is a pattern
		exit              int
	}{
		{"exit while it works", "serve", `{"do":"exit"}`, time.Minute, "Runtime.ExitError", `^RequestId: [0-9a-f-]{36} Error: Runtime exited with error: exit status 7$`, 7},
		{"exit at start", "exit at start", `{}`, time.Minute, "Runtime.ExitError", `Error: Runtime exited with error: exit status 3$`, 3},
		{"exit 0 at start", "exit in peace", `{}`, time.Minute, "Runtime.ExitError", `Error: Runtime exited without providing a reason$`, 0},
		{"reason at start", "init error", `{}`, time.Minute, "Config.Bad", `^RequestId: [0-9a-f-]{36} Error: no such table$`, 1},
		{"too slow", "serve", `{"do":"sleep","word":"1m"}`, 300 * time.Millisecond, "Sandbox.Timedout", `^RequestId: [0-9a-f-]{36} Error: Task timed out after 0.30 seconds$`, -1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			runtime := begin(t)
			process := boot(t, runtime, test.mode, nil)
			began := time.Now()
			_, err := invoke(runtime, test.event, test.timeout)
			var unanswered *lambda.UnansweredError
			if !errors.As(err, &unanswered) || unanswered.Type != test.kind || !regexp.MustCompile(test.message).MatchString(unanswered.Message) {
				t.Errorf("got %v", err)
			}
			if code := process.ExitCode(); code != test.exit {
				t.Errorf("exit code %d, want %d", code, test.exit)
			}
			// Nobody is left to take another one, however long it may wait.
			if _, err := invoke(runtime, `{}`, time.Minute); !errors.As(err, &unanswered) {
				t.Errorf("the next one: %v", err)
			}
			if took := time.Since(began); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
			boot(t, runtime, "serve", nil)
			if _, err := invoke(runtime, `{"do":"echo"}`, 10*time.Second); err != nil {
				t.Errorf("after a restart: %v", err)
			}
		})
	}
}

// TestPanicIsAnswered: the library posts a panic as an error and exits then.
func TestPanicIsAnswered(t *testing.T) {
	runtime := begin(t)
	process := boot(t, runtime, "serve", nil)
	got, err := invoke(runtime, `{"do":"panic","word":"oh"}`, 10*time.Second)
	if err != nil || !got.Failed || got.ErrorType != "string" || got.ErrorMessage != "oh" {
		t.Errorf("got %+v, %v", got, err)
	}
	if code := process.ExitCode(); code != 1 {
		t.Errorf("exit code %d", code)
	}
	if err := process.Wait(); err == nil {
		t.Error("Wait says that all is well")
	}
}

func TestQueueWaitsForAProcess(t *testing.T) {
	runtime := begin(t)
	results := make(chan error, 3)
	for range 3 {
		go func() {
			got, err := invoke(runtime, `{"do":"echo","word":"late"}`, 10*time.Second)
			if err == nil && !strings.Contains(string(got.Payload), "late") {
				err = fmt.Errorf("got %s", got.Payload)
			}
			results <- err
		}()
	}
	time.Sleep(50 * time.Millisecond)
	boot(t, runtime, "serve", nil)
	for range 3 {
		if err := <-results; err != nil {
			t.Error(err)
		}
	}
}

func TestSeveralProcesses(t *testing.T) {
	runtime := begin(t)
	first, second := boot(t, runtime, "serve", nil), boot(t, runtime, "serve", nil)
	pids := make(chan int, 2)
	var group sync.WaitGroup
	for range 2 {
		group.Go(func() {
			got, err := invoke(runtime, `{"do":"sleep","word":"1500ms"}`, 10*time.Second)
			var r report
			if err = errors.Join(err, json.Unmarshal(got.Payload, &r)); err != nil {
				t.Error(err)
			}
			pids <- r.PID
		})
	}
	group.Wait()
	if a, b := <-pids, <-pids; a == b || a != first.PID() && a != second.PID() || b != first.PID() && b != second.PID() {
		t.Errorf("%d and %d worked, %d and %d run", a, b, first.PID(), second.PID())
	}
	first.Stop()
	if code := first.ExitCode(); code != -1 {
		t.Errorf("exit code %d", code)
	}
	got, err := invoke(runtime, `{"do":"echo"}`, 10*time.Second)
	if err != nil || !strings.Contains(string(got.Payload), fmt.Sprint(second.PID())) {
		t.Errorf("after the first was stopped: %s %v", got.Payload, err)
	}
	first.Stop() // once more does no harm
}

func TestInvokeIsBounded(t *testing.T) {
	runtime := begin(t)
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	if _, err := runtime.Invoke(ctx, []byte(`{"do":"panic"}`), time.Hour); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("without a process: %v", err)
	}
	// What nobody waits for any more is not given to a process.
	boot(t, runtime, "serve", nil)
	if got, err := invoke(runtime, `{"do":"echo","word":"next"}`, 10*time.Second); err != nil || got.Failed {
		t.Errorf("the next one: %+v, %v", got, err)
	}
	for name, refused := range map[string]struct {
		event   []byte
		timeout time.Duration
	}{"event too large": {make([]byte, 7<<20), time.Second}, "no timeout": {[]byte(`{}`), 0}} {
		if _, err := runtime.Invoke(context.Background(), refused.event, refused.timeout); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestCloseEndsEverything(t *testing.T) {
	runtime := begin(t)
	process := boot(t, runtime, "serve", nil)
	results := make(chan error, 2)
	for range 2 { // one is taken, one is queued
		go func() {
			_, err := invoke(runtime, `{"do":"sleep","word":"1m"}`, time.Hour)
			results <- err
		}()
	}
	time.Sleep(300 * time.Millisecond)
	runtime.Close()
	select {
	case <-process.Exited():
	default:
		t.Error("the process still runs")
	}
	for range 2 {
		if err := <-results; err == nil || errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	}
	if err := syscall.Kill(process.PID(), 0); err == nil {
		t.Error("the process is still there")
	}
	if _, err := runtime.Exec(context.Background(), "/bin/true", nil, nil); err == nil {
		t.Error("a closed runtime starts a process")
	}
	if _, err := runtime.Invoke(context.Background(), []byte(`{}`), time.Second); err == nil {
		t.Error("a closed runtime takes an event")
	}
	if _, err := http.Get("http://" + runtime.Address() + "/2018-06-01/runtime/invocation/next"); err == nil {
		t.Error("a closed runtime answers")
	}
}
