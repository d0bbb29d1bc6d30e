import Foundation
import MooringCore

extension Phone {
    /// All cases, worst first, now and whenever one changes. Nothing comes while the phone is locked.
    public var cases: AsyncThrowingStream<[CaseRow], any Error> {
        watching({ $0 != .protocols }) { try $0.list() }
    }

    /// One case, now and whenever it changes. Nothing comes while the phone is locked.
    public func watchCase(_ id: CaseId) -> AsyncThrowingStream<CaseShown, any Error> {
        watching({ $0.concerns(id) }) { try $0.show(caseId: id) }
    }

    /// One assessment with its steps, now and whenever its case changes. Nothing comes while the phone is locked.
    public func watchAssessment(
        _ assessment: AssessmentId, of id: CaseId
    ) -> AsyncThrowingStream<AssessmentShown?, any Error> {
        watching({ $0.concerns(id) }) { try $0.show(caseId: id).assessment(assessment) }
    }

    /// What HQ has of a case by its receipts, now and whenever the case changes. Nothing comes while the phone is locked.
    public func watchSync(_ id: CaseId) -> AsyncThrowingStream<Sync, any Error> {
        watching({ $0.concerns(id) }) { try $0.show(caseId: id).sync }
    }

    /// All cases on this phone, worst first.
    public func list() async throws -> [CaseRow] {
        try await call { try $0.list() }
    }

    /// The protocols that can be started here, by key, the newest of a key first.
    public func protocols() async throws -> [ProtocolRow] {
        try await call { try $0.protocols() }
    }

    /// Puts a FHIR Questionnaire, with its rules if it has any, on the shelf.
    @discardableResult
    public func addProtocol(_ questionnaire: Data, rules: Data? = nil) async throws -> ProtocolRow {
        try await call { try $0.addProtocol(questionnaire: questionnaire, rules: rules) }
    }

    /// Opens a case of this title. Whether the person is under age may be unknown.
    public func newCase(_ title: String, minor: Bool? = nil) async throws -> CaseId {
        try await call { try $0.newCase(title: title, minor: minor) }
    }

    /// Begins an assessment of the newest protocol of this key, or of the one whose hash this is the text of.
    public func start(_ key: String, in id: CaseId) async throws -> AssessmentId {
        try await call { try $0.start(caseId: id, protocol: key) }
    }

    /// Shows a case. That it was read is noted in the vault.
    public func show(_ id: CaseId) async throws -> CaseShown {
        try await call { try $0.show(caseId: id) }
    }

    /// Records an answer at the path of a step. Once this returns it is on disk. Answering again replaces; nothing is lost.
    ///
    /// Where somebody states how it came to be told, `told` has it: who said it, who asked, in which language, when it was said.
    @discardableResult
    public func answer(_ answer: Answer, at place: AnswerPlace, told: Told? = nil) async throws -> Saved {
        try await record(.one(answer: answer), place, told)
    }

    /// Records a value, with how it came to be told where somebody states that.
    @discardableResult
    public func answer(_ value: Value, at place: AnswerPlace, told: Told? = nil) async throws -> Saved {
        try await answer(.value(value), at: place, told: told)
    }

    /// Records all the options that were chosen, or all the answers of a question that repeats, with how they came to be told
    /// where somebody states that.
    @discardableResult
    public func answer(_ values: [Value], at place: AnswerPlace, told: Told? = nil) async throws -> Saved {
        try await record(.several(values: values), place, told)
    }

    private func record(_ given: Given, _ place: AnswerPlace, _ told: Told?) async throws -> Saved {
        try await call { phone in
            guard let told else { return try phone.answer(at: place, given: given) }
            return try phone.answerTold(at: place, given: given, told: told)
        }
    }

    /// Passes a question over for now. It stays open, and a missing answer never lowers a level.
    @discardableResult
    public func skip(_ place: AnswerPlace) async throws -> Saved {
        try await answer(.notNow, at: place)
    }

    /// Takes an answer back, with a reason. Where it was worse it goes on governing until it is confirmed.
    @discardableResult
    public func retract(_ place: AnswerPlace, reason: String) async throws -> Saved {
        try await call { try $0.retract(at: place, reason: reason) }
    }

    /// Lets earlier, worse values of an answer go, with a reason: their own author may, or whoever has the role.
    @discardableResult
    public func confirm(_ place: AnswerPlace, reason: String) async throws -> Saved {
        try await call { try $0.confirm(at: place, reason: reason) }
    }

    /// Settles what people differ about at a place as it was shown: a value that came since makes the settlement stale.
    @discardableResult
    public func settle(
        _ place: AnswerPlace, as shown: PlaceShown, choice: ChangeId, reason: String
    ) async throws -> Saved {
        try await call { try $0.settle(at: place, seen: shown.toSettle, choice: choice, reason: reason) }
    }

    /// Accepts that something governs downward, with a reason.
    @discardableResult
    public func accept(_ what: Acceptance, in id: CaseId, reason: String) async throws -> Saved {
        try await call { try $0.accept(caseId: id, what: what, reason: reason) }
    }

    /// Sets a domain's level by judgment, with a reason: upward at once, downward beside the level that governs.
    @discardableResult
    public func judge(_ domain: Domain, _ level: Level, in id: CaseId, reason: String) async throws -> Saved {
        try await call { try $0.judge(caseId: id, domain: domain, level: level, reason: reason) }
    }

    /// Asks HQ, with a number to call back. It is with HQ after the next exchange.
    @discardableResult
    public func ask(_ question: String, callBack: String? = nil, in id: CaseId) async throws -> Saved {
        try await call { try $0.ask(caseId: id, question: question, callBack: callBack) }
    }

    /// Notes something that happened on the visit, under a short name.
    @discardableResult
    public func note(_ kind: String, _ text: String = "", in id: CaseId) async throws -> Saved {
        try await call { try $0.note(caseId: id, kind: kind, text: text) }
    }

    /// A person has read this advice.
    @discardableResult
    public func adviceRead(_ advice: RecordId, in id: CaseId) async throws -> Saved {
        try await call { try $0.adviceRead(caseId: id, advice: advice) }
    }

    /// A person has acted on this advice.
    @discardableResult
    public func adviceActedOn(_ advice: RecordId, in id: CaseId) async throws -> Saved {
        try await call { try $0.adviceActedOn(caseId: id, advice: advice) }
    }
}

extension CaseShown {
    /// The assessment of this id.
    public func assessment(_ id: AssessmentId) -> AssessmentShown? {
        assessments.first { $0.id == id }
    }
}

extension AssessmentShown {
    /// The step at a path: ``MooringCore/AssessmentShown/next`` goes on, ``MooringCore/Step/back`` goes back.
    public func step(_ path: AnswerPath) -> Step? {
        steps.first { $0.path == path }
    }
}

extension Changed {
    fileprivate func concerns(_ id: CaseId) -> Bool {
        switch self {
        case .case(let changed): changed == id
        case .state, .everything: true
        case .protocols: false
        }
    }
}
