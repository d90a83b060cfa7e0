package sandbox

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"hash"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"zygo/app/flow/expression"
)

// hostName is the global under which helpers.js finds host; it takes it away before a script runs.
const hostName = "$$host"

// host does for helpers.js what Go does faster than JavaScript. Its functions read and give texts and nothing else.
func host(arguments []any) (any, error) {
	text := func(i int) string {
		if i < len(arguments) {
			if s, ok := arguments[i].(string); ok {
				return s
			}
		}
		return ""
	}
	switch text(0) {
	case "forbidden":
		return strings.Join(expression.Forbidden(), " "), nil
	case "hash":
		return digest(text(1), text(2)), nil
	case "base64Encode":
		return base64.StdEncoding.EncodeToString([]byte(text(1))), nil
	case "base64Decode":
		return decoded(text(1)), nil
	case "locale":
		return locale(text(1)), nil
	case "compare":
		return strconv.Itoa(compare(text(1), text(2), text(3), text(4), text(5) == "numeric")), nil
	case "plain":
		return plain(text(1)), nil
	}
	return nil, errors.New("there is no such function")
}

// digest gives nothing for an algorithm that is not known.
func digest(algorithm, text string) string {
	makers := map[string]func() hash.Hash{
		"md5": md5.New, "sha1": sha1.New, "sha224": sha256.New224, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
		"sha3": func() hash.Hash { return sha3.New512() },
	}
	if algorithm == "base64" {
		return base64.StdEncoding.EncodeToString([]byte(text))
	}
	maker, ok := makers[algorithm]
	if !ok {
		return ""
	}
	h := maker()
	h.Write([]byte(text))
	return hex.EncodeToString(h.Sum(nil))
}

// decoded is base64 without its padding as a text: of UTF-8 where the bytes are that, else a character for each byte.
func decoded(text string) string {
	bytes, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return ""
	}
	if utf8.Valid(bytes) {
		return string(bytes)
	}
	letters := make([]rune, len(bytes))
	for i, b := range bytes {
		letters[i] = rune(b)
	}
	return string(letters)
}

// spelled are letters and signs that people write with others, where Unicode knows of no accent to take off.
var spelled = strings.NewReplacer("ß", "ss", "ẞ", "SS", "æ", "ae", "Æ", "AE", "œ", "oe", "Œ", "OE", "ø", "o", "Ø", "O", "ł", "l", "Ł", "L",
	"đ", "d", "Đ", "D", "ð", "d", "Ð", "D", "þ", "th", "Þ", "TH", "ħ", "h", "Ħ", "H", "ŧ", "t", "Ŧ", "T", "ı", "i", "ŋ", "ng", "Ŋ", "NG",
	"©", "(c)", "®", "(r)", "™", "tm", "€", "EUR", "£", "PS", "¥", "Y=", "…", "...", "–", "-", "—", "--", "‘", "'", "’", "'", "“", `"`,
	"”", `"`,
	"«", "<<", "»", ">>", "×", "x", "÷", "/", "·", "*", "°", "deg", "½", "1/2", "¼", "1/4", "¾", "3/4", "\u00a0", " ")

// plain takes the accents off a text. Scripts without them, such as Chinese, stay as they are.
func plain(text string) string {
	bare := strings.Map(func(letter rune) rune {
		if unicode.Is(unicode.Mn, letter) {
			return -1
		}
		return letter
	}, norm.NFD.String(spelled.Replace(text)))
	return norm.NFC.String(bare)
}
