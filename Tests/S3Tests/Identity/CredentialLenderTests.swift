import Curl
import Foundation
import MediaModel
import TestSupport
import Testing

@testable import S3

@Suite struct CredentialLenderTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    func chain(
        _ environment: [String: String], profile: String? = nil, region: String? = nil, web: HTTPClient? = nil, near: HTTPClient? = nil
    ) throws -> CredentialChain {
        let environment = environment.merging(["AWS_EC2_METADATA_DISABLED": "true"]) { given, _ in given }
        return CredentialChain(
            Surroundings(environment: environment, home: folder.path), profile: profile, region: region,
            web: try web ?? HTTPClient(), near: try near ?? HTTPClient())
    }

    /// A client that sends nothing.
    func none() throws -> HTTPClient {
        let client = try HTTPClient()
        client.stop()
        return client
    }

    /// What is said when nobody is asked, or nobody lends.
    func failure(
        _ environment: [String: String], profile: String? = nil, region: String? = nil, asking: Bool = false
    ) throws -> String {
        let error = #expect(throws: TransferError.self) {
            try chain(
                environment, profile: profile, region: region, web: asking ? nil : none(), near: asking ? nil : none()
            ).credentials()
        }
        return error.map { "\($0)" } ?? ""
    }

    @Test func whereAnAgentLendsIsASecret() throws {
        let text = "<Error><Code>NoSuchKey</Code><Message>/v2/SECRET is not known</Message></Error>"
        let server = try LoopbackServer { _ in .text(403, text) }
        let refused = try failure(["AWS_CONTAINER_CREDENTIALS_FULL_URI": "\(server.url)/v2/SECRET?SECRET"], asking: true)
        #expect(refused.contains("\(server.url): status 403") && !refused.contains("SECRET"))
        for address in ["http://127.0.0.1:1/v2/SECRET", "http://user:SECRET@127.0.0.1:1/x", "http://user:SECRET@agent.example/SECRET"] {
            let text = try failure(["AWS_CONTAINER_CREDENTIALS_FULL_URI": address])
            #expect(text.contains("127.0.0.1:1") || text.contains("http://agent.example'"))
            #expect(!text.contains("SECRET") && !text.contains("user"))
        }
        let relative = try failure(["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/SECRET"])
        #expect(relative.contains("http://169.254.170.2: ") && !relative.contains("SECRET"))
    }

    @Test func aPasswordAtTheTokenServiceIsNotRepeated() throws {
        let server = try LoopbackServer { _ in .text(403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>") }
        let token = try folder.write("t", to: "token")
        let environment = [
            "AWS_WEB_IDENTITY_TOKEN_FILE": token, "AWS_ROLE_ARN": "r",
            "AWS_ENDPOINT_URL_STS": server.url.replacingOccurrences(of: "http://", with: "http://user:geheim@"),
        ]
        let text = try failure(environment, asking: true)
        #expect(text.contains("\(server.url): status 403 AccessDenied") && !text.contains("geheim"))
    }

    @Test func theTokenServiceIsThatOfTheSettingsRegion() throws {
        let token = try folder.write("t", to: "token")
        let lines = ["[profile film]", "region = eu-west-3", "role_arn = r", "web_identity_token_file = \(token)"]
        let base = ["[profile base]", "region = eu-west-2", "aws_access_key_id = K", "aws_secret_access_key = s"]
        let other = ["[profile other]", "role_arn = r", "source_profile = base"]
        try folder.write((lines + base + other).joined(separator: "\n"), to: ".aws/config")
        let environment = ["AWS_WEB_IDENTITY_TOKEN_FILE": token, "AWS_ROLE_ARN": "r"]
        #expect(try failure(environment, region: "eu-north-1").contains("https://sts.eu-north-1.amazonaws.com: "))
        #expect(try failure(environment.merging(["AWS_PROFILE": "base"]) { $1 }).contains("https://sts.eu-west-2.amazonaws.com: "))
        #expect(try failure([:], profile: "film").contains("https://sts.eu-west-3.amazonaws.com: "))
        #expect(try failure([:], profile: "film", region: "eu-north-1").contains("https://sts.eu-north-1.amazonaws.com: "))
        #expect(try failure([:], profile: "other", region: "eu-north-1").contains("https://sts.eu-north-1.amazonaws.com: "))
        #expect(try failure(["AWS_REGION": "eu-south-1"], profile: "other").contains("https://sts.eu-south-1.amazonaws.com: "))
    }

    @Test(arguments: [
        "http://localhost/x", "http://127.3.2.1:1/x", "http://[::1]:1/x", "http://169.254.170.2/x", "http://169.254.170.23/x",
        "http://[fd00:ec2::23]/x", "https://agent.example/x",
    ]) func agentsThatMayBeAsked(_ address: String) throws {
        let text = try failure(["AWS_CONTAINER_CREDENTIALS_FULL_URI": address])
        #expect(text.contains(CredentialLender.shown(address)) && !text.contains("not safe"))
    }

    @Test(arguments: [
        "http://127.0.0.1.agent.example/x", "http://127.0.0/x", "http://128.0.0.1/x", "http://169.254.169.254/x", "ftp://127.0.0.1/x", "x",
    ]) func agentsThatMayNot(_ address: String) throws {
        #expect(try failure(["AWS_CONTAINER_CREDENTIALS_FULL_URI": address]).contains("not safe"))
    }

    @Test func whereAMachinesMetadataIs() throws {
        let server = try LoopbackServer { _ in .text(503, "") }
        try folder.write("[profile a]\nec2_metadata_service_endpoint = \(server.url)/\n", to: ".aws/config")
        let machine = ["AWS_EC2_METADATA_DISABLED": "false"]
        #expect(try failure(machine, profile: "a", asking: true).contains("\(server.url)/latest/api/token"))
        let mode = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"
        #expect(try failure(machine.merging([mode: "IPv5"]) { $1 }).contains("'IPv5'"))
        // Whoever names the service does not care for the mode.
        let both = [mode: "IPv6", "AWS_EC2_METADATA_SERVICE_ENDPOINT": server.url]
        #expect(try failure(machine.merging(both) { $1 }, asking: true).contains("\(server.url)/latest/api/token"))
    }

    @Test(arguments: [
        ("https://sts.eu-west-1.amazonaws.com/", "sts.eu-west-1.amazonaws.com", "/"), ("https://h:443/sts/", "h", "/sts/"),
        ("http://h:9000/", "h:9000", "/"), ("http://[::1]:80/", "[::1]", "/"),
    ]) func whatARequestIsSignedFor(_ url: String, _ host: String, _ path: String) {
        let signed = CredentialLender.signed(url)
        #expect(signed.host == host && signed.path == path)
    }

    @Test func aMachineMayBeAskedByItsIPv6Address() throws {
        let lender = { (environment: [String: String], profile: String?) throws in
            CredentialLender(
                Surroundings(environment: environment, home: folder.path), profile: profile, region: nil, web: try none(), near: try none(),
                patience: LenderPatience(), isStopped: { false })
        }
        try folder.write("[profile six]\nec2_metadata_service_endpoint_mode = ipv6\n", to: ".aws/config")
        #expect(try lender([:], nil).metadata() == "http://169.254.169.254")
        #expect(try lender([:], "six").metadata() == "http://[fd00:ec2::254]")
        #expect(try lender(["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE": "IPv6"], nil).metadata() == "http://[fd00:ec2::254]")
    }
}
