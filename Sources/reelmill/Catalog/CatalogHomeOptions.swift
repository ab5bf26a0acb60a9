import ArgumentParser
import Pipeline

/// Where a command that changes titles finds their catalog.
struct CatalogHomeOptions: ParsableArguments {
    @Option(help: "The catalog, such as sqlite:./catalog.sqlite (the default).") var catalog: String?
    @Option(help: ArgumentHelp("Instead of --catalog: the titles' manifest, to purge the CDN too.", valueName: "file"))
    var manifest: String?
    @Option(help: "With --manifest: the work folder, whose next run tells a CDN that does not listen now (default: .reelmill beside it).")
    var work: String?

    func validate() throws {
        if work != nil, manifest == nil { throw ValidationError("Please give --work with --manifest; a catalog alone tells no CDN.") }
        if catalog != nil, manifest != nil { throw ValidationError("Please give --catalog or --manifest, not both.") }
    }

    var home: CatalogHome {
        manifest.map { .manifest($0, work: work) } ?? .catalog(catalog ?? "sqlite:./catalog.sqlite")
    }

    /// Changes titles; the exit status.
    func change(_ action: TitleRemoval.Action, _ ids: [String]) throws -> Int32 {
        StopSignal.install()
        let outcome = try TitleRemoval.run(action, ids, at: home)
        for line in outcome.lines { Terminal.print(line) }
        for warning in outcome.warnings { Terminal.say("warning: \(warning)") }
        for fault in outcome.faults { Terminal.say("error: \(fault)") }
        return outcome.faults.isEmpty ? 0 : PipelineError.Code.title.exitStatus
    }
}
