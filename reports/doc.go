// Package reports writes what a run found: the run directory with its plan,
// evidence and verdict, and the views of them for people and CI systems
// (terminal, HTML, Markdown, JUnit). A report is a view of verdicts and
// evidence: nothing is judged here, and any report can be made again later.
//
// Names, error texts and signal details come from the system under test. They
// are escaped for every format and never trusted.
package reports
