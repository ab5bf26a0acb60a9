import Testing

@testable import S3

@Suite struct XMLNodeTests {
    func read(_ text: String) -> XMLNode? { XMLNode(Array(text.utf8)) }

    @Test func elementsTextAndEntities() {
        let root = read(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <!-- a comment -->
            <s:List xmlns:s='http://x/?a=1&amp;b=2'><Key>a&amp;b&lt;&#233;&#x1F600;</Key><Key><![CDATA[<raw>&]]></Key><Empty/></s:List>

            """)
        #expect(root?.name == "List")
        #expect(root?.all("Key").map(\.text) == ["a&b<é😀", "<raw>&"])
        #expect(root?["Empty"] == "")
        #expect(root?["Missing"] == nil)
    }

    @Test(
        arguments: [
            "", "text", "<a>", "<a></b>", "<a><b></a></b>", "<a/><b/>", "<a>&nbsp;</a>", "<a>&#xD800;</a>", "<a b></a>", "<a b=c/>",
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<a>\u{1}</a>", "<a b='<'/>", "<1/>", "<a>&amp</a>",
        ])
    func anythingMalformedIsRefused(_ text: String) {
        #expect(read(text) == nil)
    }

    @Test func brokenUTF8IsRefused() {
        #expect(XMLNode(Array("<a>".utf8) + [0xFF] + Array("</a>".utf8)) == nil)
    }

    @Test func depthIsBounded() {
        let deep = String(repeating: "<a>", count: 100_000) + String(repeating: "</a>", count: 100_000)
        #expect(read(deep) == nil)
    }
}
