package credentials

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/crypto/argon2"
	"golang.org/x/text/unicode/norm"
)

func TestAPasswordIsTheSameOnEveryDevice(t *testing.T) {
	t.Parallel()
	const secret = "fünf müde Bären äßen Käse"
	forms := map[string]string{
		"composed": norm.NFC.String(secret), "decomposed": norm.NFD.String(secret),
		"no-break spaces":    strings.ReplaceAll(secret, " ", "\u00a0"),
		"ideographic spaces": strings.ReplaceAll(norm.NFD.String(secret), " ", "\u3000"),
	}
	h := newHasher()
	for set, password := range forms {
		hash, err := h.hash(t.Context(), password)
		if err != nil {
			t.Fatal(err)
		}
		for typed, again := range forms {
			if right, err := h.matches(t.Context(), again, hash); !right || err != nil {
				t.Errorf("set %s and typed %s: %v, %v", set, typed, right, err)
			}
		}
		for _, wrong := range []string{strings.ToUpper(secret), secret + " ", strings.ReplaceAll(secret, " ", ""),
			"funf mude Baren aßen Kase", ""} {
			if right, err := h.matches(t.Context(), wrong, hash); right || err != nil {
				t.Errorf("set %s and typed %q: %v, %v", set, wrong, right, err)
			}
		}
	}
}

func TestAHashOfWhatADeviceSentStillWorks(t *testing.T) {
	t.Parallel()
	h, salt := newHasher(), make([]byte, saltLength)
	encode := base64.RawStdEncoding.EncodeToString
	for _, password := range []string{"fu\u0308nf mu\u0308de Ba\u0308ren", "five\u00a0tired bears", "five tired bears"} {
		sum := argon2.IDKey([]byte(password), salt, hashPasses, hashMemory, hashThreads, hashLength)
		hash := fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, hashMemory, hashPasses, hashThreads, encode(salt),
			encode(sum))
		if right, err := h.matches(t.Context(), password, hash); !right || err != nil {
			t.Errorf("%+q: %v, %v", password, right, err)
		}
		if right, err := h.matches(t.Context(), password+"x", hash); right || err != nil {
			t.Errorf("another than %+q: %v, %v", password, right, err)
		}
	}
}

func TestWhatIsEasyToGuessIsNoPassword(t *testing.T) {
	t.Parallel()
	about := []string{"Ada Lovelace", "ada@analytical.test", "Difference Engines"}
	for _, weak := range []string{
		"password123", "Password123!", "P@ssw0rd2024", "drowssap4321", "qwertyuiop", "1qaz2wsx3edc", "1234567890123", "aaaaaaaaaaaaaaaa",
		"abcdefghijklmnop", "abcabcabcabcabc", "correcthorse", "Correct-Horse", "correct horse correct horse", "monkey dragon football",
		"24.12.1999 24.12.1999", "Michael Jennifer", "letmein letmein letmein", "ada lovelace", "AdaLovelace1990", "analytical.ada",
		"ada@analytical.test", "differenceengines!", "l0v3l4c3-engines", "          ",
	} {
		if CheckPassword("password", weak, about...) == nil {
			t.Errorf("%q is a password", weak)
		}
	}
	for _, strong := range []string{
		"seven tired otters juggle", "kT9#vLq2ZpX!", "xvqpzhwnkt", "fünf müde Bären äßen Käse", "семь усталых выдр", "七只疲倦的水獭在玩杂耍",
	} {
		if err := CheckPassword("password", strong, about...); err != nil {
			t.Errorf("%q: %v", strong, err)
		}
	}
}

func TestAPasswordIsJudgedInItsOneForm(t *testing.T) {
	t.Parallel()
	if CheckPassword("password", strings.Repeat("e\u0301", 9)) == nil {
		t.Error("nine letters that are sent as eighteen characters are enough")
	}
	// 200 bytes in the one form may be more as they are sent.
	long := strings.Repeat("äöü Bär Käse Türe ", 8)
	if err := CheckPassword("password", norm.NFD.String(long)); err != nil {
		t.Errorf("a long one: %v", err)
	}
	h := newHasher()
	hash, err := h.hash(t.Context(), long)
	if err != nil {
		t.Fatal(err)
	}
	if right, err := h.matches(t.Context(), norm.NFD.String(long), hash); !right || err != nil {
		t.Errorf("a long one from another device: %v, %v", right, err)
	}
}
