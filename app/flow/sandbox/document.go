package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	"zygo/app/flow/format"
	"zygo/app/value"
)

// documentTime is how long a file may be read.
const documentTime = 20 * time.Second

// Document has a worker read a file in the share of an organization. What is wrong with the file is a *format.Error.
func (p *Pool) Document(ctx context.Context, owner string, o format.Options, body []byte) ([]value.Value, error) {
	options, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	if len(body) > mostData {
		return nil, &format.Error{Message: fmt.Sprintf("the file has more than %d MiB", mostData>>20)}
	}
	result, err := p.run(ctx, owner, request{mode: document, time: documentTime, source: options, data: body})
	var failed *Error
	if errors.As(err, &failed) {
		switch failed.Failure {
		case Timeout:
			failed.Message = fmt.Sprintf("the file could not be read within %s", documentTime)
		case OutputTooLarge:
			failed.Message = fmt.Sprintf("what the file holds is larger than %d MiB", mostOutput>>20)
		case Broken:
			failed.Message = "the file needs more memory than there is to read it"
		}
		return nil, &format.Error{Message: failed.Message}
	}
	if err != nil {
		return nil, err
	}
	rows := make([]value.Value, 0, result.Value.Len())
	for _, row := range result.Value.Elements() {
		rows = append(rows, row)
	}
	return rows, nil
}

// readDocument is Document in the worker.
func readDocument(r request) answer {
	defer debug.FreeOSMemory() // the next run has all of it
	var o format.Options
	err := json.Unmarshal(r.source, &o)
	if err != nil {
		return answer{failure: Broken}
	}
	rows, err := format.Read(o, r.data)
	if err != nil {
		return answer{failure: ScriptError, message: []byte(err.Error()[:min(len(err.Error()), mostMessage)])}
	}
	list := value.List(rows...)
	if list.EncodedLen(mostOutput) > mostOutput {
		return answer{failure: OutputTooLarge}
	}
	return answer{value: list.AppendJSON(nil)}
}
