package sandbox_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"zygo/app/flow/sandbox"
)

// hostile scripts are bodies of code nodes. Each ends with one of the failures that
// stand behind it; with a space behind those, or with none, it may also just do no
// harm. A slow machine may run into the time limit first.
var hostile = []struct {
	name, source string
	failures     string
}{
	{"endless loop", `while (true) {}`, "timeout"},
	{"endless loop that catches", `for (;;) { try { while (true) {} } catch (e) {} }`, "timeout"},
	{"endless loop in finally", `function f() { try { f() } finally { while (true) {} } } f()`, "timeout out_of_memory"},
	{"recursion in finally", `function f() { try { f() } finally { f() } } f()`, "timeout out_of_memory"},
	{"promises without end", `const f = () => Promise.resolve().then(f); await f()`, "timeout out_of_memory"},
	{"await without end", `while (true) await 1`, "timeout"},
	{"promises that catch the end", `const f = async () => { while (true) {} }; const g = () => f().catch(g); await g()`, "timeout"},
	{"many jobs that each run long", `for (let i = 0; i < 1e5; i++) Promise.resolve().then(() => { while (true) {} }); return 1`,
		"timeout"},
	{"generator without end", `function* g() { while (true) yield 1 } for (const x of g()) {} `, "timeout"},
	{"getter that loops in the result", `return { get a() { while (true) {} } }`, "timeout"},
	{"toJSON that loops", `return { toJSON() { while (true) {} } }`, "timeout"},
	{"error whose text loops", `throw { toString() { while (true) {} } }`, "timeout script_error"},
	{"error whose stack is a getter",
		`const e = new Error("x"); Object.defineProperty(e, "stack", { get() { while (true) {} } }); throw e`, "timeout script_error"},
	{"thenable that loops", `return { then() { while (true) {} } }`, "timeout"},
	{"regular expression that backtracks", `/^(a+)+$/.test("a".repeat(30) + "!")`, "timeout"},
	{"regular expression with back references", `/^(a+)+\1$/.test("a".repeat(30) + "!")`, "timeout"},
	{"a hundred nested groups", `new RegExp("(".repeat(100) + "a*" + ")*".repeat(100) + "b").test("a".repeat(40))`,
		"timeout script_error out_of_memory "},
	{"ten thousand nested groups", `new RegExp("(".repeat(10000) + ")".repeat(10000)).test("a")`, "script_error out_of_memory "},
	{"look-behind", `/(?<=^(a+)+)b/.test("a".repeat(32) + "c")`, "timeout "},
	{"replace that backtracks", `"a".repeat(50).replace(/(a*)*(a*)*(a*)*b/g, "")`, "timeout"},
	{"native loops", `const s = "a".repeat(3e7); for (let i = 0; i < 1000; i++) s.indexOf("b" + i)`, "timeout out_of_memory"},
	{"sort with a bad order", `const a = Array.from({ length: 1e5 }, (_, i) => i); while (true) a.sort(() => Math.random() - 0.5)`,
		"timeout"},
	{"long text", `return "x".repeat(2 ** 30).length`, "script_error out_of_memory"},
	{"text that doubles", `let s = "x"; while (true) s += s`, "script_error out_of_memory timeout"},
	{"padStart", `"x".padStart(2 ** 31 - 1)`, "script_error out_of_memory"},
	{"large typed array", `new Uint8Array(1e9)`, "script_error out_of_memory"},
	{"large sparse array", `return JSON.stringify(new Array(2 ** 32 - 1)).length`, "script_error out_of_memory timeout"},
	{"fill", `new Array(2e7).fill({ a: 1 })`, "out_of_memory timeout"},
	{"push without end", `const a = []; while (true) a.push({ a: "x".repeat(100) })`, "out_of_memory timeout"},
	{"push without end that catches", `const a = []; for (;;) try { while (true) a.push([]) } catch (e) {}`, "out_of_memory timeout"},
	{"sort of two million", `Array.from({ length: 2e6 }, Math.random).sort()`, "out_of_memory timeout"},
	{"map without end", `const m = new Map(); while (true) m.set({}, {})`, "out_of_memory timeout"},
	{"BigInt", `let n = 2n; while (true) n = n * n`, "out_of_memory timeout script_error"},
	{"BigInt to text", `return String(10n ** 1000000n).length`, "timeout out_of_memory script_error "},
	{"deep recursion", `const f = () => f() + 1; f()`, "out_of_memory"},
	{"mutual recursion in natives", `const f = () => [1].map(f); f()`, "out_of_memory"},
	{"recursion through replace", `const f = () => "a".replace(/a/, f); f()`, "out_of_memory"},
	{"recursion through toString", `const o = { toString() { return "" + o } }; "" + o`, "out_of_memory"},
	{"recursion through proxies", `let p = {}; for (let i = 0; i < 1e5; i++) p = new Proxy(p, {}); p.x`, "out_of_memory "},
	{"recursion through getters", `const o = { get a() { return this.a } }; o.a`, "out_of_memory"},
	{"prototype chain", `let o = {}; for (let i = 0; i < 1e6; i++) o = Object.create(o); o.x`, "out_of_memory timeout "},
	{"nested eval", `const f = s => eval(s); f("f(s)")`, "out_of_memory script_error"},
	{"nested JSON", `JSON.parse("[".repeat(1e6) + "]".repeat(1e6))`, "out_of_memory script_error"},
	{"nested result", `let a = []; for (let i = 0; i < 1e5; i++) a = [a]; return a`, "out_of_memory script_error"},
	{"nested result of moderate depth", `let a = []; for (let i = 0; i < 200; i++) a = [a]; return a`, "script_error"},
	{"nested source", `eval("(".repeat(1e5) + ")".repeat(1e5))`, "out_of_memory script_error"},
	{"nested functions in the source", `eval("(()=>".repeat(1e4) + "1" + ")".repeat(1e4))`, "out_of_memory script_error"},
	{"a million arguments", `Math.max(...new Array(1e6).fill(1))`, "script_error out_of_memory "},
	{"a million parameters", `new Function(...Array.from({ length: 1e6 }, (_, i) => "a" + i), "")`, "script_error out_of_memory timeout"},
	{"flat without end", `const a = []; a.push(a, a); a.flat(Infinity)`, "script_error out_of_memory timeout"},
	{"result of 50 MB", `return "x".repeat(5e7)`, "output_too_large out_of_memory script_error"},
	{"result of 20 MB in wide characters", `return "é".repeat(1e7)`, "output_too_large out_of_memory"},
	{"a million items", `return Array.from({ length: 1e6 }, () => ({ json: {} }))`, "output_too_large out_of_memory timeout script_error"},
	{"two million numbers", `return new Array(2e6).fill(1)`, "script_error out_of_memory timeout "},
	{"cyclic result", `const a = {}; a.a = a; return a`, "script_result"},
	{"result with a key twice", `return { toJSON() { return 1 }, ["__proto__"]: 2, a: () => 1, b: Symbol("x") }`, ""},
	{"half a character", `return "\udc00"`, "script_error"},
	{"logs without end", `while (true) console.log("x".repeat(1e6))`, "timeout out_of_memory"},
	{"logs that loop", `console.log({ toJSON() { while (true) {} } })`, "timeout"},
	{"the function constructor",
		`if ([].constructor.constructor("return this")() !== globalThis) throw 1; return [].constructor.constructor("return typeof process")()`, ""},
	{"changed prototypes",
		`Object.prototype.json = 1; Array.prototype.push = null; JSON.stringify = () => "{"; Promise.prototype.then = null; String.prototype.slice = null; Object.freeze(Object.prototype); return [1]`, "script_error "},
	{"replaced globals", `for (const k of Object.getOwnPropertyNames(globalThis)) try { delete globalThis[k] } catch {} ; return 1`, ""},
	{"prototype of the input", `$json.__proto__.polluted = 1; items.constructor.prototype.x = 1; return $json`, ""},
	{"breaking out of the body", "}); while (true) {} ; (async function () {", "script_error timeout"},
	{"waiting on shared memory", `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)`, "script_error timeout"},
	{"modules", `return import("/etc/passwd")`, "script_error"},
	{"modules of the engine",
		`const out = []; for (const m of ["std", "os", "qjs:std", "file:///etc/passwd"]) try { await import(m); out.push(m) } catch {} ; if (out.length) return out; throw "none"`, "script_error"},
	{"weak references and finalizers",
		`const r = new FinalizationRegistry(() => { while (true) {} }); for (let i = 0; i < 1e6; i++) r.register({}, 1)`,
		"out_of_memory timeout "},
	{"symbols that convert", `return [1 + { [Symbol.toPrimitive]() { while (true) {} } }]`, "timeout"},
	{"dates out of range", `return [new Date(8.64e15 + 1), new Date(NaN)]`, "script_error "},
}

func TestHostileScripts(t *testing.T) { // alone: it measures the heap, which other tests would fill
	const limit = 200 * time.Millisecond
	p := pool(t, 3)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)

	// The probe does what a neighbour does meanwhile: small scripts on the same pool and work in the server itself.
	ctx, stop := context.WithCancel(t.Context())
	var probes sync.WaitGroup
	var probed int
	var slowest time.Duration
	probes.Go(func() {
		for ctx.Err() == nil {
			start := time.Now()
			result, err := p.Run(ctx, sandbox.Program{Source: "[1,2].map(x => x * 2)", Time: patience})
			if ctx.Err() != nil {
				return
			}
			if err != nil || result.Value.JSON() != "[2,4]" {
				t.Errorf("the probe: %s, %v", result.Value.JSON(), err)
				return
			}
			probed++
			slowest = max(slowest, time.Since(start))
		}
	})

	work := make(chan int)
	var workers sync.WaitGroup
	for range 2 {
		workers.Go(func() {
			env := environment(t)
			for i := range work {
				c := hostile[i]
				start := time.Now()
				result, err := p.Run(t.Context(), sandbox.Program{Source: c.source, Mode: sandbox.All, Environment: env, Time: limit})
				took := time.Since(start)
				var failed *sandbox.Error
				switch {
				case err == nil:
					if c.failures != "" && !strings.HasSuffix(c.failures, " ") {
						t.Errorf("%s: gave %.80s, want %s", c.name, result.Value.JSON(), c.failures)
					}
				case !errors.As(err, &failed) || failed.Failure != sandbox.Timeout && !strings.Contains(c.failures, string(failed.Failure)):
					t.Errorf("%s: %v, want %s", c.name, err, c.failures)
				}
				if took > patience {
					t.Errorf("%s: took %v", c.name, took)
				}
			}
		})
	}
	for i := range hostile {
		work <- i
	}
	close(work)
	workers.Wait()
	stop()
	probes.Wait()
	if probed < 5 {
		t.Errorf("only %d probes ran beside %d scripts, the slowest took %v", probed, len(hostile), slowest)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapInuse) - int64(before.HeapInuse); grown > 50<<20 {
		t.Errorf("the parent's heap grew by %d MB", grown>>20)
	}
	t.Logf("%d probes, the slowest took %v", probed, slowest)
}

// A worker serves many scripts: nothing of one may be seen by the next.
func TestNothingIsCarriedOver(t *testing.T) {
	t.Parallel()
	p := pool(t, 1)
	for range 3 {
		result, err := p.Run(t.Context(), sandbox.Program{Time: patience, Mode: sandbox.All, Source: `
			const seen = [typeof globalThis.kept, typeof {}.kept, typeof Array.prototype.map]
			globalThis.kept = 1; Object.prototype.kept = 1; Array.prototype.map = null
			console.log("x")
			return seen`})
		if err != nil || result.Value.JSON() != `["undefined","undefined","function"]` || result.Logs != "x" {
			t.Errorf("got %s, %q, %v", result.Value.JSON(), result.Logs, err)
		}
	}
}

func TestCancelKillsTheScript(t *testing.T) {
	t.Parallel()
	p := pool(t, 1)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	start := time.Now()
	_, err := p.Run(ctx, sandbox.Program{Source: "while (true) {}", Mode: sandbox.All, Time: time.Minute})
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 30*time.Second {
		t.Errorf("%v after %v", err, time.Since(start))
	}
	if _, err := p.Run(ctx, sandbox.Program{Time: patience, Source: "1"}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("with a context that is done: %v", err)
	}
	if result, err := p.Run(t.Context(), sandbox.Program{Time: patience, Source: "1"}); err != nil || result.Value.JSON() != "1" {
		t.Errorf("afterwards: %v", err)
	}
}

func TestClosedPool(t *testing.T) {
	t.Parallel()
	p := sandbox.NewPool(1)
	if _, err := p.Run(t.Context(), sandbox.Program{Time: patience, Source: "1"}); err != nil {
		t.Fatal(err)
	}
	p.Close()
	p.Close()
	if _, err := p.Run(t.Context(), sandbox.Program{Time: patience, Source: "1"}); err == nil {
		t.Error("a closed pool runs scripts")
	}
}

// The worker's environment, arguments and descriptors hold nothing of the parent's.
func TestWorkerHasNothing(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("reads /proc")
	}
	t.Setenv("ZYGO_SECRET", "hush")
	p := pool(t, 1)
	held, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	before := workers(t)
	if _, err := p.Run(t.Context(), sandbox.Program{Time: patience, Source: "1"}); err != nil {
		t.Fatal(err)
	}
	found := 0
	for directory := range workers(t) {
		if before[directory] {
			continue
		}
		limits, err := os.ReadFile(filepath.Join(directory, "limits"))
		if err != nil {
			continue // another test's worker that has ended
		}
		found++
		for _, want := range []string{"Max data size             268435456 ", "Max core file size        0 ",
			"Max open files            16 ", "Max file size             0 "} {
			if !strings.Contains(string(limits), want) {
				t.Errorf("the worker's limits lack %q:\n%s", want, limits)
			}
		}
		// A worker is not dumpable, so that its environment can be read by root only; then it must be empty.
		if environ, err := os.ReadFile(filepath.Join(directory, "environ")); err == nil && len(environ) > 0 {
			t.Errorf("the worker's environment is %q", environ)
		}
		if descriptors, err := os.ReadDir(filepath.Join(directory, "fd")); err == nil {
			for _, d := range descriptors {
				if to, err := os.Readlink(filepath.Join(directory, "fd", d.Name())); err == nil &&
					strings.Contains(to, filepath.Base(os.Args[0])) {
					t.Errorf("the worker inherited %s", to)
				}
			}
		}
	}
	if found == 0 {
		t.Error("no worker found")
	}
}

// workers are the /proc directories of the worker processes of this test.
func workers(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	commands, err := filepath.Glob("/proc/[0-9]*/cmdline")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range commands {
		directory := filepath.Dir(path)
		line, err := os.ReadFile(path)
		if err != nil || !strings.HasSuffix(string(line), "\x00"+sandbox.Word+"\x00") {
			continue
		}
		// Tests of other packages run at this moment, and have workers too.
		if status, err := os.ReadFile(filepath.Join(directory, "status")); err == nil &&
			strings.Contains(string(status), fmt.Sprintf("\nPPid:\t%d\n", os.Getpid())) {
			found[directory] = true
		}
	}
	return found
}
