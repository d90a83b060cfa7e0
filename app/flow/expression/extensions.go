package expression

import (
	"slices"
	"strings"
)

// extensions are n8n's functions on values, in the order of the alphabet. The sandbox has them in helpers.js.
var extensions = strings.Fields(`abs append average base64Decode base64Encode beginningOf ceil chunk compact diffTo diffToNow difference
	endOfMonth extract extractDomain extractEmail extractUrl extractUrlPath first floor format hasField hash intersection isBetween
	isDomain isDst isEmail isEmpty isEven isInLast isInteger isNotEmpty isNumeric isOdd isUrl isWeekend keepFieldsContaining keys
	last length max merge min minus parseJson pluck plus quote randomItem removeDuplicates removeField removeFieldsContaining
	removeMarkdown removeTags renameKeys replaceSpecialChars reverse round smartJoin sum toBoolean toDate toDateTime
	toDecimalNumber toFloat toInt toJsonString toNumber toSentenceCase toSnakeCase toTitleCase toWholeNumber union unique
	urlDecode urlEncode values`)

// timeExtensions are those that read or make a time.
var timeExtensions = strings.Fields(
	`beginningOf diffTo diffToNow endOfMonth extract format isBetween isDst isInLast isWeekend minus plus toDateTime`)

// isExtension tells whether a call of that name is one of n8n's functions, or may be.
func isExtension(name string) bool {
	_, found := slices.BinarySearch(extensions, name)
	return found
}

// helperNames are n8n's functions that stand alone.
var helperNames = []string{"$ifEmpty", "$min", "$max", "$average", "$not", "min", "max", "average", "not", "numberList", "zip"}

// forbiddenNames lead from a value to the program around it. The sandbox would hold what comes of that; they are refused as in
// n8n, so that a workflow fails here where it fails there.
var forbiddenNames = []string{
	"__proto__", "prototype", "constructor", "getPrototypeOf", "setPrototypeOf", "defineProperty", "defineProperties",
	"getOwnPropertyDescriptor", "getOwnPropertyDescriptors", "mainModule", "binding", "_linkedBinding", "_load", "prepareStackTrace",
	"__lookupGetter__", "__lookupSetter__", "__defineGetter__", "__defineSetter__", "caller", "arguments", "getBuiltinModule",
}

func isForbidden(name string) bool { return slices.Contains(forbiddenNames, name) }

func forbidden(at int, name string) error {
	return &sourceError{at, "an expression can't use " + name}
}

// Forbidden are the names that an expression can't use, for keys that are only known when it runs.
func Forbidden() []string { return slices.Clone(forbiddenNames) }
