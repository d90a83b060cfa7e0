package sandbox

import (
	"encoding/binary"
	"errors"
	"io"
	"time"
)

// A frame is a fixed header and raw payloads. No JSON around them: escaping a list of items inside another document would
// cost more than running a small script.

// request goes to the worker.
type request struct {
	mode   Mode
	needs  need
	time   time.Duration
	source []byte
	data   []byte // JSON
}

// need says what a script needs in addition to the engine, and how its result is given. What is loaded costs time, so that only
// scripts that mention it have it.
type need uint16

const (
	needTimes     need = 1 << iota // DateTime, some three milliseconds
	needHelpers                    // n8n's functions on values
	needNames                      // the names that only n8n has
	needQueries                    // $jmespath
	needLanguages                  // Intl, more than a millisecond
	asText                         // the result is a part of a text
	hideErrors                     // an exception gives undefined
	needNode                       // Buffer and timers
	goesOn                         // an item that fails does not end the others
	keepDigits                     // the data hold a number that may be more exact than a double
)

// answer comes back. Its parts are bounded before they are read, whatever the worker claims.
type answer struct {
	failure Failure // empty for success
	line    uint32
	value   []byte // JSON, empty for undefined
	message []byte
	logs    []byte
}

const (
	requestHeader = 3 + 3*4
	answerHeader  = 1 + 4*4
	mostMessage   = 4 << 10
	// A character of the logs takes up to three bytes.
	mostLogBytes = 3 * mostLogs
)

// failures by their number in the frame; 0 is success.
var failures = [...]Failure{"", Timeout, OutOfMemory, ScriptError, OutputTooLarge, InputTooLarge, Broken, WrongResult}

var errFrame = errors.New("a frame that is not one")

func writeRequest(to io.Writer, r request) error {
	header := make([]byte, 0, requestHeader)
	header = binary.BigEndian.AppendUint16(append(header, byte(r.mode)), uint16(r.needs))
	header = binary.BigEndian.AppendUint32(header, uint32(r.time.Milliseconds()))
	header = binary.BigEndian.AppendUint32(header, uint32(len(r.source)))
	header = binary.BigEndian.AppendUint32(header, uint32(len(r.data)))
	return writeAll(to, header, r.source, r.data)
}

func readRequest(from io.Reader) (request, error) {
	header := make([]byte, requestHeader)
	if _, err := io.ReadFull(from, header); err != nil {
		return request{}, err
	}
	number := func(i int) uint32 { return binary.BigEndian.Uint32(header[3+4*i:]) }
	r := request{mode: Mode(header[0]), needs: need(binary.BigEndian.Uint16(header[1:])), time: time.Duration(number(0)) * time.Millisecond}
	var err error
	if r.source, err = readPart(from, number(1), LongestSource, nil); err == nil {
		r.data, err = readPart(from, number(2), mostData, err)
	}
	return r, err
}

func writeAnswer(to io.Writer, a answer) error {
	header := make([]byte, 0, answerHeader)
	for i, failure := range failures {
		if failure == a.failure {
			header = append(header, byte(i))
		}
	}
	header = binary.BigEndian.AppendUint32(header, a.line)
	for _, part := range [][]byte{a.value, a.message, a.logs} {
		header = binary.BigEndian.AppendUint32(header, uint32(len(part)))
	}
	return writeAll(to, header, a.value, a.message, a.logs)
}

func readAnswer(from io.Reader) (answer, error) {
	header := make([]byte, answerHeader)
	if _, err := io.ReadFull(from, header); err != nil {
		return answer{}, err
	}
	if int(header[0]) >= len(failures) {
		return answer{}, errFrame
	}
	number := func(i int) uint32 { return binary.BigEndian.Uint32(header[1+4*i:]) }
	a := answer{failure: failures[header[0]], line: number(0)}
	var err error
	a.value, err = readPart(from, number(1), mostOutput, err)
	a.message, err = readPart(from, number(2), mostMessage, err)
	a.logs, err = readPart(from, number(3), mostLogBytes, err)
	return a, err
}

// readPart reads a payload whose length the other side claims, unless an earlier part was wrong.
func readPart(from io.Reader, length, most uint32, before error) ([]byte, error) {
	if before != nil {
		return nil, before
	}
	if length > most {
		return nil, errFrame
	}
	part := make([]byte, length)
	_, err := io.ReadFull(from, part)
	return part, err
}

func writeAll(to io.Writer, parts ...[]byte) error {
	for _, part := range parts {
		if _, err := to.Write(part); err != nil {
			return err
		}
	}
	return nil
}
