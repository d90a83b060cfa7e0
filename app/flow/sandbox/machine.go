package sandbox

import (
	"embed"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"modernc.org/quickjs"
	"modernc.org/quickjs/intl"
)

// Limits of the engine. A stack of 4000 slots turns recursion into an error at some 45 MB; the default ends the process.
const (
	engineMemory = 64 << 20
	engineStack  = 4000
)

// The notices of what comes from others travel with it.
//
//go:embed *.js library locales.license.txt
var scripts embed.FS

// parts are the scripts that make a piece of a script's surroundings, one behind the other in one function.
var parts = map[need][]string{
	0:             {"prelude.js"},
	needLanguages: {"languages.js", "numbers.js"},
	needTimes:     {"library/luxon.js", "times.js"},
	needHelpers:   {"dates.js", "texts.js", "helpers.js"},
	needNames:     {"names.js"},
	needNode:      {"node.js"},
	needQueries:   {"library/jmespath.js", "queries.js"},
}

// prelude is the compiled JavaScript that gives a script its names. Each part is compiled when the first script needs it.
type prelude map[need][]byte

func compilePrelude() (prelude, error) {
	p := prelude{}
	_, err := p.part(0)
	return p, err
}

func (p prelude) part(n need) ([]byte, error) {
	if code, ok := p[n]; ok {
		return code, nil
	}
	vm, err := quickjs.NewVM()
	if err != nil {
		return nil, err
	}
	defer vm.Close()
	var text strings.Builder
	for _, file := range parts[n] {
		one, err := scripts.ReadFile(file)
		if err != nil {
			return nil, err
		}
		text.Write(one)
		text.WriteByte('\n')
	}
	p[n], err = vm.Compile("(function(){'use strict';\n"+text.String()+"})()", quickjs.EvalGlobal)
	return p[n], err
}

// run runs one request in an engine of its own, so that nothing a script changes is seen by the next one.
func (p prelude) run(r request) (a answer) {
	defer func() {
		if problem := recover(); problem != nil {
			a = answer{failure: Broken, message: fmt.Appendf(nil, "the engine failed: %.200v", problem)}
		}
	}()
	vm, err := quickjs.NewVM()
	if err != nil {
		return answer{failure: Broken, message: []byte("the engine doesn't start")}
	}
	defer vm.Close()
	vm.SetMemoryLimit(engineMemory)
	vm.SetMaxStackSize(engineStack)
	m := machine{vm, time.Now().Add(r.time)}
	return m.run(p, r)
}

// machine is an engine with the moment at which its script must end.
type machine struct {
	vm    *quickjs.VM
	until time.Time
}

// arm gives the next call into the engine the time that is left: each call begins a new period of its own.
func (m machine) arm() { _ = m.vm.SetEvalTimeout(max(time.Millisecond, time.Until(m.until))) }

// surround loads what a script needs, and gives it in the order in which prelude.js takes it, with nil for the rest.
func (m machine) surround(p prelude, needs need) (given []any, err error) {
	if needs&(needHelpers|needLanguages) != 0 {
		if err := m.vm.RegisterHostFunc(hostName, host); err != nil {
			return nil, err
		}
	}
	if needs&needLanguages != 0 {
		if err := intl.Register(m.vm, intl.TimeZone("UTC")); err != nil {
			return nil, err
		}
		languages, err := m.load(p, needLanguages)
		if err != nil {
			return nil, err
		}
		languages.Free()
	}
	if needs&needNode != 0 {
		known, err := m.load(p, needNode)
		if err != nil {
			return nil, err
		}
		known.Free()
	}
	for _, n := range []need{needTimes, needHelpers, needNames, needQueries} {
		if needs&n == 0 {
			given = append(given, nil)
			continue
		}
		part, err := m.load(p, n)
		if err != nil {
			return given, err
		}
		given = append(given, part)
	}
	return given, nil
}

func (m machine) run(p prelude, r request) answer {
	given, err := m.surround(p, r.needs)
	defer func() {
		for _, part := range given {
			if part, ok := part.(quickjs.Value); ok {
				part.Free()
			}
		}
	}()
	if err != nil {
		return m.failed(err, nil)
	}
	arguments := []any{int(r.mode), string(r.source), string(r.data), r.needs&keepDigits != 0, r.needs&asText != 0, r.needs&hideErrors != 0,
		r.needs&goesOn != 0}
	arguments = append(arguments, given...)
	start, err := m.load(p, 0)
	if err != nil {
		return m.failed(err, nil)
	}
	defer start.Free()
	m.arm()
	finish, err := start.CallValue(quickjs.UndefinedValue, arguments...)
	if err != nil {
		return m.failed(err, nil)
	}
	defer finish.Free()
	for {
		m.arm()
		jobs, err := m.vm.ExecutePendingJobs()
		if time.Now().After(m.until) {
			return m.failed(errLate, m.logs(finish))
		}
		if err != nil {
			return m.failed(err, m.logs(finish))
		}
		if jobs == 0 {
			break
		}
	}
	m.arm()
	result, err := finish.Call(quickjs.UndefinedValue, mostOutput)
	if err != nil {
		return m.failed(err, m.logs(finish))
	}
	text, ok := result.(string)
	if !ok || len(text) > mostOutput {
		return answer{failure: OutputTooLarge, logs: m.logs(finish)}
	}
	return answer{value: []byte(text), logs: m.logs(finish)}
}

// load runs a part of the prelude in the engine.
func (m machine) load(p prelude, n need) (quickjs.Value, error) {
	code, err := p.part(n)
	if err != nil {
		return quickjs.UndefinedValue, err
	}
	m.arm()
	return m.vm.EvalBytecodeValue(code)
}

// logs asks for what was written to console; nothing if the engine is beyond answering.
func (m machine) logs(finish quickjs.Value) []byte {
	_ = m.vm.SetEvalTimeout(grace / 10)
	result, err := finish.Call(quickjs.UndefinedValue)
	text, ok := result.(string)
	if err != nil || !ok || len(text) > mostLogBytes {
		return nil
	}
	return []byte(text)
}

var (
	errLate = errors.New("late")
	// Only the script itself is compiled under this name; the prelude's own frames have another one.
	frameLine = regexp.MustCompile(`<input>:(\d+)`)
)

// linesBefore is what the engine's Function puts before a body; prelude.js has it, too.
const linesBefore = 2

func (m machine) failed(err error, logs []byte) answer {
	a := answer{failure: ScriptError, logs: logs}
	var thrown *quickjs.Error
	if !errors.As(err, &thrown) {
		thrown = &quickjs.Error{}
	}
	switch text := err.Error(); {
	case time.Now().After(m.until):
		a.failure = Timeout
		return a
	case text == "null", strings.Contains(text, "out of memory"), strings.Contains(text, "stack overflow"):
		// An engine without memory for the error itself throws null.
		a.failure = OutOfMemory
	case thrown.Name == "Unwritable":
		a.failure, err = WrongResult, errors.New(thrown.Message)
	}
	message := strings.TrimSpace(err.Error())
	if strings.Contains(message, "bigint") {
		message += ": a whole number beyond 2^53 is a BigInt here; Number(…) rounds it"
	}
	a.message = []byte(message[:min(len(message), mostMessage)])
	if found := frameLine.FindStringSubmatch(thrown.Stack); found != nil {
		line, _ := strconv.Atoi(found[1])
		a.line = uint32(max(0, line-linesBefore))
	}
	return a
}
