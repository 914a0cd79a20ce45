package main

import "github.com/spf13/cobra"

// commands are all subcommands, in the order of a first day with fournines.
func commands(a *app) []*cobra.Command {
	return []*cobra.Command{
		newRun(a), newReplay(a), newObserve(a), newList(a), newExplain(a), newValidate(a), newJudge(a), newLogs(a), newCalibrate(a),
		newUp(a), newStatus(a), newConfig(a), newDown(a), newHeal(a), newDoctor(a), newVersion(a), newCompletion(a),
		newPlatform(), newAgent(a), newWatchdog(),
	}
}
