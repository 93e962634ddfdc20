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
        <name>RecipeForm</name>
        <message numerus="yes">
            <source>%n choice(s) differ from the preset.</source>
            <translation>
                <numerusform>%n choice differs from the preset.</numerusform>
                <numerusform>%n choices differ from the preset.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>RunPanel</name>
        <message numerus="yes">
            <source>Memory is short: from now on %n photo(s) at a time.</source>
            <translation>
                <numerusform>Memory is short: from now on %n photo at a time.</numerusform>
                <numerusform>Memory is short: from now on %n photos at a time.</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n photo(s) could not be read and are left out, the last of them “{name}”: {reason}</source>
            <translation>
                <numerusform>%n photo could not be read and is left out, “{name}”: {reason}</numerusform>
                <numerusform>%n photos could not be read and are left out, the last of them “{name}”: {reason}</numerusform>
            </translation>
        </message>
    </context>
</TS>
