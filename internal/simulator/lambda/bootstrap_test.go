package lambda_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	awslambda "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-lambda-go/lambdacontext"
)

// bootstrapMode is the variable that makes this test binary a bootstrap instead of tests.
const bootstrapMode = "SIMULATED_BOOTSTRAP"

func TestMain(m *testing.M) {
	switch os.Getenv(bootstrapMode) {
	case "":
		os.Exit(m.Run())
	case "serve":
		awslambda.Start(handle)
	case "exit at start":
		fmt.Println("configuration is bad")
		os.Exit(3)
	case "exit in peace":
		os.Exit(0)
	case "init error":
		url := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/init/error"
		response, err := http.Post(url, "application/json", strings.NewReader(`{"errorMessage":"no such table","errorType":"Config.Bad"}`))
		if err != nil || response.StatusCode != http.StatusAccepted {
			os.Exit(9)
		}
		os.Exit(1)
	}
}

// order is the event that the bootstrap understands.
type order struct {
	Do   string `json:"do"`
	Word string `json:"word"`
}

// report is what the bootstrap answers.
type report struct {
	Word      string            `json:"word,omitempty"`
	RequestID string            `json:"requestId,omitempty"`
	ARN       string            `json:"arn,omitempty"`
	Trace     string            `json:"trace,omitempty"`
	LeftMS    int64             `json:"leftMs,omitempty"`
	PID       int               `json:"pid,omitempty"`
	Env       map[string]string `json:"env,omitempty"`
}

type quarrel struct{ word string }

func (q quarrel) Error() string { return "will not " + q.word }

func handle(ctx context.Context, o order) (any, error) {
	switch o.Do {
	case "echo":
		fmt.Println("to standard output:", o.Word)
		fmt.Fprintln(os.Stderr, "to standard error:", o.Word)
		return report{Word: o.Word, PID: os.Getpid()}, nil
	case "context":
		deadline, _ := ctx.Deadline()
		lc, _ := lambdacontext.FromContext(ctx)
		return report{RequestID: lc.AwsRequestID, ARN: lc.InvokedFunctionArn, Trace: os.Getenv("_X_AMZN_TRACE_ID"),
			LeftMS: time.Until(deadline).Milliseconds()}, nil
	case "env":
		env := map[string]string{}
		for _, pair := range os.Environ() {
			name, value, _ := strings.Cut(pair, "=")
			env[name] = value
		}
		return report{Env: env}, nil
	case "error":
		return nil, quarrel{o.Word}
	case "plain error":
		return nil, errors.New(o.Word)
	case "panic":
		panic(o.Word)
	case "exit":
		os.Exit(7)
	case "sleep":
		d, err := time.ParseDuration(o.Word)
		if err != nil {
			return nil, err
		}
		lc, _ := lambdacontext.FromContext(ctx)
		fmt.Println(lc.AwsRequestID)
		time.Sleep(d)
		return report{Word: "slept", PID: os.Getpid()}, nil
	case "large":
		return strings.Repeat("x", 7<<20), nil
	case "break off":
		return io.MultiReader(strings.NewReader(`{"half":`), broken{}), nil
	}
	return nil, fmt.Errorf("unknown order %q", o.Do)
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, quarrel{"read on"} }
