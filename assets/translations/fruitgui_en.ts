<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en">
    <context>
        <name>ClassifyPage</name>
        <message numerus="yes">
            <source>%n photo(s)</source>
            <translation>
                <numerusform>%n photo</numerusform>
                <numerusform>%n photos</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>ModelsPage</name>
        <message numerus="yes">
            <source>%n class(es)</source>
            <translation>
                <numerusform>%n class</numerusform>
                <numerusform>%n classes</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>TrainPage</name>
        <message numerus="yes">
            <source>%n photo(s) could not be read and are left out, the last of them “{name}”: {reason}</source>
            <translation>
                <numerusform>%n photo could not be read and is left out, “{name}”: {reason}</numerusform>
                <numerusform>%n photos could not be read and are left out, the last of them “{name}”: {reason}</numerusform>
            </translation>
        </message>
    </context>
</TS>
