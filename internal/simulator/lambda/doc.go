// Package lambda simulates the part of AWS Lambda that runs a function: the Runtime API on 127.0.0.1, and the process
// that polls it. With it the real bootstrap runs on real events without an account, SAM or a container.
//
// The Runtime API is the one of docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html, version 2018-06-01: a runtime
// asks for the next invocation, which waits until there is one, and posts a response or an error for it. What happens to
// an invocation whose process exits or takes too long is as Lambda does it: Runtime.ExitError and Sandbox.Timedout, and
// a process that takes too long is killed.
//
// Not simulated: freezing between invocations, extensions, response streaming, restarting a process that has exited, and
// retries of asynchronous invocations. Whoever wants those calls [Runtime.Exec] or [Runtime.Invoke] again.
package lambda
