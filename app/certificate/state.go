package certificate

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"strings"
	"time"

	"github.com/caddyserver/certmagic"
	"github.com/mholt/acmez/v3/acme"
)

// State is what a host has.
type State struct {
	// Until is when the certificate ends, zero if there is none.
	Until time.Time
	// Running tells that the directory is being asked for one.
	Running bool
	// Problem is why the last attempt failed; the zero Problem is none.
	Problem Problem
}

// Problem is a failed attempt.
type Problem struct {
	At time.Time
	// Said is the directory's answer, Remedy what to do.
	Said, Remedy string
}

// State tells what a host has.
func (k *Keeper) State(host string) State {
	last := k.attemptOf(host)
	state := State{Running: last.running, Problem: last.problem}
	text, err := k.storage.Load(context.Background(), certmagic.StorageKeys.SiteCert(k.issuer.IssuerKey(), host))
	if err != nil {
		return state
	}
	if block, _ := pem.Decode(text); block != nil {
		if leaf, err := x509.ParseCertificate(block.Bytes); err == nil {
			state.Until = leaf.NotAfter
		}
	}
	return state
}

// longestSaid bounds what a directory makes a page show.
const longestSaid = 500

// problemOf puts an error in the words of the directory, without those of the library around them.
func problemOf(err error, at time.Time) Problem {
	var said acme.Problem
	if !errors.As(err, &said) {
		return Problem{at, "There was no answer.",
			"Ask the operator to look whether this instance reaches the directory; the log has the cause."}
	}
	texts := []string{said.Detail}
	for _, part := range said.Subproblems {
		texts = append(texts, part.Detail)
	}
	text := []rune(strings.ToValidUTF8(strings.TrimSpace(strings.Join(texts, " ")), "�"))
	p := Problem{At: at, Said: string(text[:min(len(text), longestSaid)])}
	if p.Said == "" {
		p.Said = said.Type
	}
	if !strings.HasSuffix(p.Said, ".") {
		p.Said += "."
	}
	switch said.Type {
	case acme.ProblemTypeDNS, acme.ProblemTypeConnection, acme.ProblemTypeUnauthorized, acme.ProblemTypeTLS,
		acme.ProblemTypeIncorrectResponse:
		p.Remedy = "Let the A and AAAA records of the domain lead to this instance and to nothing else, then look it up again."
	case acme.ProblemTypeCAA:
		p.Remedy = "The CAA record of the domain forbids this directory. Add it there, then look the domain up again."
	case acme.ProblemTypeRateLimited:
		p.Remedy = "The directory takes no more orders for now. Zygo tries again by itself when somebody opens the domain."
	case acme.ProblemTypeRejectedIdentifier, acme.ProblemTypeUnsupportedIdentifier:
		p.Remedy = "The directory gives no certificates for this domain. Take another one."
	default:
		p.Remedy = "Look the domain up again later, and ask the operator if it stays so."
	}
	return p
}
