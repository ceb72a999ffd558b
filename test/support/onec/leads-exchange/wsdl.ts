/** The description of a service whose operations take and return texts. */
export function wsdl(url: string, namespace: string, operations: Readonly<Record<string, readonly string[]>>): string {
  const entries = Object.entries(operations);
  const elements = entries.map(
    ([name, parameters]) =>
      `<xs:element name="${name}"><xs:complexType><xs:sequence>${parameters.map((one) => `<xs:element name="${one}" type="xs:string"/>`).join('')}</xs:sequence></xs:complexType></xs:element>` +
      `<xs:element name="${name}Response"><xs:complexType><xs:sequence><xs:element name="return" type="xs:string"/></xs:sequence></xs:complexType></xs:element>`,
  );
  const messages = entries.map(
    ([name]) =>
      `<message name="${name}RequestMessage"><part name="parameters" element="tns:${name}"/></message><message name="${name}ResponseMessage"><part name="parameters" element="tns:${name}Response"/></message>`,
  );
  const ports = entries.map(
    ([name]) =>
      `<operation name="${name}"><input message="tns:${name}RequestMessage"/><output message="tns:${name}ResponseMessage"/></operation>`,
  );
  const bindings = entries.map(
    ([name]) =>
      `<operation name="${name}"><soap:operation style="document" soapAction="${namespace}#CRM_LeadsExchange:${name}"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:tns="${namespace}" name="CRM_LeadsExchange" targetNamespace="${namespace}">
<types><xs:schema targetNamespace="${namespace}" elementFormDefault="qualified">${elements.join('')}</xs:schema></types>
${messages.join('\n')}
<portType name="CRM_LeadsExchangePortType">${ports.join('')}</portType>
<binding name="CRM_LeadsExchangeSoapBinding" type="tns:CRM_LeadsExchangePortType"><soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>${bindings.join('')}</binding>
<service name="CRM_LeadsExchange"><port name="CRM_LeadsExchangeSoap" binding="tns:CRM_LeadsExchangeSoapBinding"><soap:address location="${url}"/></port></service>
</definitions>`;
}
