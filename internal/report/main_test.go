package report_test

import (
	"flag"
	"os"
	"testing"
)

func TestMain(m *testing.M) {
	flag.Bool("update", false, "write the files in testdata")
	flag.Parse()
	os.Exit(m.Run())
}
