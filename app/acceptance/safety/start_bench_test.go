package safety

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"zygo/app/acceptance/instance"
)

// BenchmarkCommand measures the shortest command, and how many starts of a bare program that is: it is what every command and every
// sandbox worker pays before it does anything.
func BenchmarkCommand(b *testing.B) {
	binary, bare := instance.Binary(b), bareProgram(b)
	for b.Loop() {
		if err := exec.Command(binary, "version").Run(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(bare), "bare")
}

// bareProgram is how long a Go program takes that does nothing, by the median: no start on this machine is shorter.
func bareProgram(b *testing.B) time.Duration {
	b.Helper()
	dir := b.TempDir()
	source, binary := filepath.Join(dir, "main.go"), filepath.Join(dir, "bare")
	if err := os.WriteFile(source, []byte("package main\n\nfunc main() {}\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	build := exec.Command("go", "build", "-o", binary, source)
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	var times []time.Duration
	for range 21 {
		begun := time.Now()
		if err := exec.Command(binary).Run(); err != nil {
			b.Fatal(err)
		}
		times = append(times, time.Since(begun))
	}
	slices.Sort(times)
	return times[len(times)/2]
}

// BenchmarkStart measures from the start of the process to the first answer, how many starts of a bare program that is, and the
// memory that the process then has.
func BenchmarkStart(b *testing.B) {
	var memory float64
	bare := bareProgram(b)
	b.ResetTimer()
	for range b.N {
		b.StopTimer()
		i := instance.PrepareBinary(b)
		b.StartTimer()
		i.Serve()
		(&instance.Client{Instance: i}).Call("GET", "/health", nil)
		memory = residentMemory(b, i)
		b.StopTimer()
		i.Kill()
		b.StartTimer()
	}
	b.ReportMetric(memory, "MB")
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(bare), "bare")
}

func residentMemory(b *testing.B, i *instance.Instance) float64 {
	b.Helper()
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(i.Process.Process.Pid), "statm"))
	if err != nil {
		b.Fatal(err)
	}
	pages, err := strconv.Atoi(strings.Fields(string(text))[1])
	if err != nil {
		b.Fatal(err)
	}
	return float64(pages*os.Getpagesize()) / (1 << 20)
}
